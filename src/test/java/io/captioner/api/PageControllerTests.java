package io.captioner.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.api.PageController.PageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.StaticWebApplicationContext;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.view.RedirectView;

class PageControllerTests {
    private static final Path FILES = Path.of("src", "main", "resources", "io", "captioner", "api", "page");

    @Test
    void belowAPrefixTheBaseOfThePageIsNamedInFull() throws Exception {
        assertThat(page("")).contains("<base href=\"./\">");
        assertThat(page("/photos/ai")).contains("<base href=\"/photos/ai/\">").doesNotContain("\"./\"");
        assertThat(page("/\"><script>")).contains("<base href=\"/&quot;&gt;&lt;script&gt;/\">");
    }

    @Test
    void whereItIsOffTheRootLeadsToTheDescriptionAndItsFilesAreNotServed() throws Exception {
        PageController off = controller(false, false);

        assertThat(off.page(new MockHttpServletRequest()))
                .isInstanceOfSatisfying(
                        RedirectView.class, view -> assertThat(view.getUrl()).isEqualTo("/swagger-ui.html"));
        assertThat(servesFiles(off)).isFalse();
        assertThat(servesFiles(controller(true, false))).isTrue();
    }

    @Test
    void itLinksToTheArchiveWhereThereIsOne() throws Exception {
        assertThat(page("")).doesNotContain("archive/");
        assertThat(html(controller(true, true), "")).contains("<a href=\"archive/\">Archive</a>");
    }

    @Test
    void itsFilesHaveAtMost60KilobytesAndNameNoOtherHost() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> all = files.toList();
            int bytes = 0;
            for (Path file : all) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                bytes += Files.size(file);
                assertThat(text.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                        .as(file.toString())
                        .doesNotContain("http://", "https://", "innerHTML", "style=\"", "eval(", "localStorage");
            }
            assertThat(all).hasSizeGreaterThan(10);
            assertThat(bytes).isLessThanOrEqualTo(60_000);
        }
    }

    private static boolean servesFiles(PageController controller) {
        StaticWebApplicationContext context = new StaticWebApplicationContext();
        ResourceHandlerRegistry registry = new ResourceHandlerRegistry(context, new MockServletContext());
        controller.addResourceHandlers(registry);
        return registry.hasMappingForPattern("/page/**");
    }

    private static PageController controller(boolean enabled, boolean archive) throws IOException {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        if (archive) {
            beans.addBean("archive", new ArchiveRoutes());
        }
        return new PageController(new PageProperties(enabled), beans.getBeanProvider(ArchiveRoutes.class));
    }

    private static String page(String contextPath) throws IOException {
        return html(controller(true, false), contextPath);
    }

    private static String html(PageController controller, String contextPath) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContextPath(contextPath);
        return (String) requireNonNull(((ResponseEntity<?>) controller.page(request)).getBody());
    }
}
