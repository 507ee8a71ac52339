package io.captioner.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.api.PageBrowser.Tab;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The page of a service that requires keys and is below a path. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "server.servlet.context-path=/ai", "captioner.security.mode=api-key"})
@Import(FakeModels.class)
class PageWithKeysTests {
    private static final String KEY = "key-of-the-page-0123456789abcdef0123456789";
    private static final FilePayload RED = new FilePayload("red.png", "image/png", Pictures.png(Color.RED, 40, 20));

    private static PageBrowser browser;

    private final String address;

    PageWithKeysTests(@Autowired Environment environment) {
        this.address = "http://localhost:%s/ai".formatted(requireNonNull(environment.getProperty("local.server.port")));
    }

    @DynamicPropertySource
    static void keys(DynamicPropertyRegistry properties) throws Exception {
        properties.add("captioner.security.keys", keyFile()::toString);
    }

    private static Path keyFile() throws Exception {
        Path file = Files.createTempFile("captioner-keys", "");
        file.toFile().deleteOnExit();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.US_ASCII));
        return Files.writeString(file, "page " + HexFormat.of().formatHex(hash));
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

    @Test
    void theKeyIsAskedForKeptInTheTabAndForgottenWithIt() throws IOException {
        try (Tab tab = browser.open(address)) {
            assertThat(tab.text("#key")).contains("This service needs a key");
            tab.choose(RED);
            tab.page().waitForSelector("#refusal:has-text('No valid key')");
            enter(tab, KEY + "x");
            assertThat(tab.text("#key-wrong")).contains("did not accept");
            tab.choose(RED);
            tab.page().waitForSelector("#list li:nth-child(2) .refused");
            assertThat(tab.page().isVisible("#key-wrong")).isTrue();
            enter(tab, "no key \u00fc");
            assertThat(tab.text("#key-wrong")).contains("did not accept");
            enter(tab, KEY);

            assertThat(tab.word("red").isVisible()).isTrue();
            assertThat(tab.page().isHidden("#key")).isTrue();
            assertThat(tab.page().evaluate("() => localStorage.length + document.cookie.length"))
                    .isEqualTo(0);
            assertThat(tab.requests()).noneMatch(url -> url.contains(KEY));
            tab.page().reload();
            assertThat(tab.text("#model:has-text('colours')")).isEqualTo("colours");
            Tab other = new Tab(tab.page().context().newPage(), tab.failures(), tab.requests());
            other.page().navigate(address);
            assertThat(other.text("#key")).contains("This service needs a key");
            tab.page().click("#forget");
            assertThat(tab.text("#key")).contains("This service needs a key");
            assertThat(tab.page().evaluate("() => sessionStorage.length")).isEqualTo(0);
            assertThat(tab.failures()).isEmpty();
        }
    }

    private static void enter(Tab tab, String key) {
        tab.page().fill("#key-text", key);
        tab.page().keyboard().press("Enter");
    }
}
