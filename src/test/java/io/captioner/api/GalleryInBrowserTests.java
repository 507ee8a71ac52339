package io.captioner.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.captioner.Client;
import io.captioner.Pictures;
import io.captioner.api.PageBrowser.Tab;
import java.awt.Color;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** The page {@code /archive/} in a browser. */
@ArchivedTest
class GalleryInBrowserTests {
    private static PageBrowser browser;

    private final String address;
    private final Client client;

    GalleryInBrowserTests(@Autowired Environment environment) {
        int port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.address = "http://localhost:%d/".formatted(port);
        this.client = new Client(port);
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

    @BeforeEach
    void archiveTwoPhotos() throws Exception {
        for (JsonNode entry : Client.json(client.get("/captions?size=100")).path("entries")) {
            client.send(
                    client.request("/captions/" + entry.path("id").asString()).DELETE());
        }
        client.postParts("", Client.Part.image("red.png", Pictures.png(Color.RED, 400, 300)));
        client.postParts("", Client.Part.image("blue.png", Pictures.png(Color.BLUE, 300, 400)));
    }

    @Test
    void anEntryIsFoundCorrectedAndDeleted() throws IOException {
        try (Tab tab = browser.open(address)) {
            Page page = tab.page();
            page.click("text=Archive");
            page.waitForSelector("#status:has-text('2 found.')");
            assertThat(page.locator("#entries .facts").allInnerTexts())
                    .anySatisfy(facts -> assertThat(facts).contains("red.png", "confidence"));

            page.fill("#query", "red");
            page.click("text=Search");
            page.waitForSelector("#status:has-text('1 found.')");
            page.waitForFunction("() => document.querySelector('#entries img').naturalWidth === 192");
            assertThat(new Color(tab.seen("#entries img").getRGB(96, 72)).getRed())
                    .isGreaterThan(200);

            Locator entry = page.locator("#entries li");
            entry.locator(".edit").click();
            entry.locator("textarea").fill("a crimson wall");
            entry.locator("text=Save").click();
            page.waitForSelector("#status:has-text('The correction is saved.')");
            assertThat(entry.locator(".text").innerText()).isEqualTo("a crimson wall");
            page.fill("#query", "crimson");
            page.click("text=Search");
            page.waitForSelector("#status:has-text('1 found.')");

            entry.locator(".delete").click();
            page.click("text=Delete it");
            page.waitForSelector("#status:has-text('The entry is deleted.')");
            assertThat(page.locator("#entries li").count()).isZero();
            assertThat(tab.failures()).isEmpty();
            assertThat(tab.requests()).allMatch(request -> request.startsWith(address) || request.startsWith("blob:"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void axeFindsNoViolation(ColorScheme scheme) {
        try (Tab tab = browser.open(address + "archive/", PageBrowser.accessible(scheme))) {
            tab.page().waitForSelector("#entries li");
            assertThat(tab.violations()).as("found").isEmpty();
            tab.page().locator("#entries .edit").first().click();
            assertThat(tab.violations()).as("a text is corrected").isEmpty();
            tab.page().locator("#entries .delete").first().click();
            assertThat(tab.violations()).as("a deletion is confirmed").isEmpty();
        }
    }

    @Test
    void onAPhoneNothingIsWiderThanTheScreen() {
        try (Tab tab = browser.open(
                address + "archive/", PageBrowser.accessible(ColorScheme.LIGHT).setViewportSize(360, 740))) {
            tab.page().waitForSelector("#entries li");
            assertThat(tab.page().evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
        }
    }
}
