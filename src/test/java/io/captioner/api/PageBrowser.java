package io.captioner.api;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;

/** The system's Chromium without a window. Nothing is downloaded: tests are skipped where there is none. */
final class PageBrowser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of(System.getProperty("captioner.chromium", "/usr/bin/chromium"));
    private static final double TIMEOUT_MILLIS = 60_000;

    private static final String RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    private final Playwright playwright;
    private final Browser browser;

    PageBrowser() {
        assumeTrue(
                Files.isExecutable(CHROMIUM),
                "The page is not tried in a browser: there is no Chromium at " + CHROMIUM
                        + "; install it, or name it with -Dcaptioner.chromium=PATH");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setTimeout(TIMEOUT_MILLIS)
                        .setArgs(List.of("--no-sandbox", "--use-fake-device-for-media-stream")));
    }

    /** Returns options with which {@link Tab#violations} works: axe writes markup, which the page's policy forbids. */
    static Browser.NewContextOptions accessible(ColorScheme scheme) {
        return new Browser.NewContextOptions().setColorScheme(scheme).setBypassCSP(true);
    }

    /** Opens the page in a new tab that shares nothing with others. */
    Tab open(String address, Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        Tab tab = new Tab(context.newPage(), new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        tab.page().onPageError(tab.failures()::add);
        tab.page().onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                tab.failures().add(message.text());
            }
        });
        tab.page().onRequest(request -> tab.requests().add(request.url()));
        tab.page().navigate(address);
        return tab;
    }

    Tab open(String address) {
        return open(address, new Browser.NewContextOptions());
    }

    @Override
    public void close() {
        playwright.close();
    }

    /**
     * The page in a tab.
     *
     * @param failures exceptions of its scripts, and what its content security policy forbade
     * @param requests addresses that were asked for
     */
    record Tab(Page page, List<String> failures, List<String> requests) implements AutoCloseable {
        /** Chooses files, and waits until the first has its caption. */
        void caption(FilePayload... photos) {
            choose(photos);
            page.waitForSelector("#answer:not([hidden]) #words button");
        }

        void choose(FilePayload... photos) {
            page.setInputFiles("#file", photos);
        }

        ElementHandle word(String word) {
            return page.waitForSelector("#words button:has-text('%s')".formatted(word));
        }

        String text(String selector) {
            return page.waitForSelector(selector).innerText().replace('\u00a0', ' ');
        }

        /** Returns what is seen of an element. */
        BufferedImage seen(String selector) throws IOException {
            byte[] png = page.locator(selector).screenshot();
            return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(png)));
        }

        /** Returns what violates WCAG 2.2 AA or axe-core's best practices. */
        List<?> violations() {
            try (InputStream axe = Objects.requireNonNull(PageBrowser.class.getResourceAsStream("/axe.min.js"))) {
                page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return (List<?>) page.evaluate("""
                    async () => (await axe.run(document, { runOnly: %s })).violations
                        .map(({ id, nodes }) => id + ': ' + nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))
                    """.formatted(RULES));
        }

        @Override
        public void close() {
            page.context().close();
        }
    }
}
