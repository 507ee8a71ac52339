package io.captioner.api;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.view.RedirectView;
import org.springframework.web.util.HtmlUtils;

/**
 * The page at {@code /} on which people caption photos, and its files below {@code /page/}. Where the page is off,
 * {@code /} redirects to the description of the service.
 */
@Controller
@Hidden
@Profile("!training")
@EnableConfigurationProperties(PageController.PageProperties.class)
final class PageController implements WebMvcConfigurer {
    private static final String FILES = "io/captioner/api/page/";
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    /** What all addresses of the page are relative to. */
    private static final String BASE = "<base href=\"./\">";

    private static final String LINKS = "<nav aria-label=\"Pages\">";

    private final boolean enabled;
    private final String page;

    /** @param archive present if there is a gallery to link to */
    PageController(PageProperties properties, ObjectProvider<ArchiveRoutes> archive) throws IOException {
        this.enabled = properties.enabled();
        String html;
        try (InputStream file = new ClassPathResource(FILES + "index.html").getInputStream()) {
            html = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String part : List.of(BASE, LINKS)) {
            if (!html.contains(part)) {
                throw new IllegalStateException("bug: the page has no " + part);
            }
        }
        this.page = archive.getIfAvailable() == null
                ? html
                : html.replace(LINKS, LINKS + "\n  <a href=\"archive/\">Archive</a>");
    }

    /**
     * Returns the page, or the view that redirects to the description. A page below a prefix may have been opened
     * without the slash at its end, so there its base is named in full.
     */
    @GetMapping("/")
    Object page(HttpServletRequest request) {
        if (!enabled) {
            return new RedirectView("/swagger-ui.html", true);
        }
        String prefix = request.getContextPath();
        return ResponseEntity.ok()
                .contentType(HTML)
                .body(
                        prefix.isEmpty()
                                ? page
                                : page.replace(BASE, "<base href=\"%s/\">".formatted(HtmlUtils.htmlEscape(prefix))));
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        if (enabled) {
            registry.addResourceHandler("/page/**").addResourceLocations("classpath:/" + FILES);
        }
    }

    /**
     * The page for people: {@code captioner.page.*}.
     *
     * @param enabled whether {@code /} is the page; otherwise it redirects to Swagger UI
     */
    @ConfigurationProperties("captioner.page")
    record PageProperties(@DefaultValue("true") boolean enabled) {}
}
