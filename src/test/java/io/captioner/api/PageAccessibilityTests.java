package io.captioner.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.api.PageBrowser.Tab;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** axe-core finds no violation of WCAG 2.2 AA or of its best practices, in any state, light and dark. */
@ServedTest
class PageAccessibilityTests {
    private static final FilePayload RED = new FilePayload("red.png", "image/png", Pictures.png(Color.RED, 400, 300));
    private static final FilePayload TEXT =
            new FilePayload("notes.txt", "text/plain", "no photo".getBytes(StandardCharsets.US_ASCII));

    private static PageBrowser browser;

    private final String address;

    PageAccessibilityTests(@Autowired Environment environment) {
        this.address = "http://localhost:%s/".formatted(requireNonNull(environment.getProperty("local.server.port")));
    }

    @BeforeAll
    static void start() {
        browser = new PageBrowser();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void axeFindsNoViolationInAnyState(ColorScheme scheme) {
        try (Tab tab = browser.open(address, PageBrowser.accessible(scheme))) {
            assertAccessible(tab, "empty");
            tab.caption(RED);
            tab.word("red").click();
            tab.page().click("#options summary");
            assertAccessible(tab, "a word is pinned, the options are open");
            tab.page().click("#cover");
            tab.page().click("#mask-ask");
            tab.page().waitForSelector("#mask-answer .caption");
            tab.page().fill("#edited", "a red zebra");
            tab.page().click("#score");
            tab.page().waitForSelector(".score");
            assertAccessible(tab, "a part is covered, words are scored");
            tab.choose(TEXT);
            tab.page().waitForSelector("#refusal .alert");
            assertAccessible(tab, "several photos, one of them refused");
            tab.page().evaluate("() => dispatchEvent(new Event('unauthorized'))");
            tab.page().waitForSelector("#key");
            assertAccessible(tab, "a key is asked for");
        }
    }

    private static void assertAccessible(Tab tab, String state) {
        assertThat(tab.violations()).as(state).isEmpty();
    }
}
