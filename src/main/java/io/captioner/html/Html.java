package io.captioner.html;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateModel;
import freemarker.template.TemplateModelException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/**
 * The FreeMarker templates of pages, and numbers and pictures as the pages have them. What fills a template is escaped,
 * and can be nothing but text, lists, maps and markup: a template calls no method of ours.
 */
public final class Html {
    private Html() {}

    /**
     * Returns a page.
     *
     * @param owner the class beside which the template is
     * @param template its file name, with the ending {@code .ftlh}
     * @throws IllegalStateException if the template and what fills it do not fit
     */
    public static String page(Class<?> owner, String template, Map<String, ?> content) {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_34);
        templates.setClassForTemplateLoading(owner, "");
        templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
        templates.setLocale(Locale.ROOT);
        templates.setLogTemplateExceptions(false);
        templates.setObjectWrapper(new SimpleObjectWrapper(Configuration.VERSION_2_3_34));
        templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        StringWriter page = new StringWriter();
        try {
            templates.getTemplate(template).process(content, page);
        } catch (IOException | TemplateException e) {
            throw new IllegalStateException("bug: " + template + " cannot be filled", e);
        }
        return page.toString();
    }

    /** Returns markup, such as a chart, as a template takes it, without escaping it again. */
    public static TemplateModel markup(String html) {
        try {
            return HTMLOutputFormat.INSTANCE.fromMarkup(html);
        } catch (TemplateModelException e) {
            throw new IllegalStateException("bug: what is given as markup is none", e);
        }
    }

    /** Formats with English digits and marks. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Rounds, but what is not all is not called all. */
    public static String percent(double share) {
        return share < 1 && share > 0.999 ? "over\u200999.9\u2009%" : format("%.1f\u2009%%", 100 * share);
    }

    /** Returns the address of a JPEG that is in the page itself. */
    public static String address(byte[] jpeg) {
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    }
}
