package io.captioner.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ReducedMotion;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.api.PageBrowser.Tab;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import io.captioner.image.Pixels;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** The page as people use it: in a browser, against the whole service with a fake model. */
@ServedTest
class PageInBrowserTests {
    private static final FilePayload RED = photo("red.png", Pictures.png(Color.RED, 400, 200));
    private static final FilePayload BLUE = photo("blue.png", Pictures.png(Color.BLUE, 300, 300));

    private static PageBrowser browser;

    private final String address;
    private final Admission admission;

    PageInBrowserTests(@Autowired Environment environment, @Autowired Admission admission) {
        this.address = "http://localhost:%s/".formatted(requireNonNull(environment.getProperty("local.server.port")));
        this.admission = admission;
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
    void aPhotoThatIsChosenIsCaptionedAndTheHeatOfAWordLiesWhereItsAttentionIs() throws Exception {
        try (Tab tab = browser.open(address)) {
            tab.caption(RED);

            assertThat(tab.page().getAttribute("#photo", "alt")).isEqualTo("a red picture");
            assertThat(tab.word("red").getAttribute("aria-label").replace('\u00a0', ' '))
                    .isEqualTo("red, probability 25 %, attention at the upper right");
            tab.word("red").hover();
            assertThat(brightestQuarter(tab)).isEqualTo("upper right");
            tab.word("picture").click();
            tab.page().mouse().move(1, 1);
            assertThat(brightestQuarter(tab)).isEqualTo("lower left");
            assertThat(tab.word("picture").getAttribute("aria-pressed")).isEqualTo("true");
            tab.page().keyboard().press("Escape");
            assertThat(tab.page().isHidden("#heat")).isTrue();
            assertThat(tab.failures()).isEmpty();
            assertThat(tab.requests())
                    .isNotEmpty()
                    .allMatch(url -> url.startsWith(address) || url.startsWith("blob:" + address));
        }
    }

    @Test
    void aPhotoThatIsStoredSidewaysIsShownUprightWithTheHeatOnIt() throws Exception {
        try (Tab tab = browser.open(address)) {
            tab.caption(photo("turned.jpg", PageSidewaysPhoto.ofUpright(100, 300, Color.RED)));
            tab.word("red").click();

            BufferedImage frame = tab.seen("#frame");
            assertThat(frame.getHeight()).isBetween(frame.getWidth() * 29 / 10, frame.getWidth() * 31 / 10);
            assertThat(brightestQuarter(tab)).isEqualTo("upper right");
        }
    }

    @Test
    void aPhotoThatIsPastedOrDroppedIsCaptioned() {
        try (Tab tab = browser.open(address)) {
            String png = Base64.getEncoder().encodeToString(BLUE.buffer);
            String transfer = """
                    const bytes = Uint8Array.from(atob('%s'), c => c.charCodeAt(0));
                    const data = new DataTransfer();
                    data.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
                    """.formatted(png);
            tab.page()
                    .evaluate(
                            "() => {" + transfer
                                    + "document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true })); }");
            assertThat(tab.word("blue").isVisible()).isTrue();
            assertThat(tab.text("#name")).isEqualTo("pasted.png");
            tab.page()
                    .evaluate(
                            "() => {" + transfer
                                    + "document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); }");
            assertThat(tab.page().waitForSelector("#list li:nth-child(2) .done").innerText())
                    .contains("a blue picture");
        }
    }

    @Test
    void theCameraTakesAPhoto() {
        Browser.NewContextOptions allowed = new Browser.NewContextOptions().setPermissions(List.of("camera"));
        try (Tab tab = browser.open(address, allowed)) {
            tab.page().click("#camera");
            tab.page().waitForFunction("() => document.getElementById('video').videoWidth > 0");
            tab.page().click("#shoot");

            assertThat(tab.word("picture").isVisible()).isTrue();
            assertThat(tab.text("#name")).isEqualTo("camera.jpg");
            assertThat(tab.failures()).isEmpty();
        }
    }

    @Test
    void theKeyboardAloneIsEnough() throws Exception {
        try (Tab tab = browser.open(address)) {
            tabTo(tab, "sample");
            tab.page().keyboard().press("Enter");
            tab.word("green");
            tabTo(tab, "words");
            assertThat(brightestQuarter(tab)).isEqualTo("upper left");
            tab.page().keyboard().press("ArrowRight");
            assertThat(brightestQuarter(tab)).isEqualTo("upper right");
            tab.page().keyboard().press("End");
            assertThat(brightestQuarter(tab)).isEqualTo("lower left");
            tab.page().keyboard().press("Home");
            tab.page().keyboard().press("Enter");
            assertThat(tab.word("a").getAttribute("aria-pressed")).isEqualTo("true");
            tab.page().keyboard().press("Tab");
            assertThat(tab.page().isVisible("#heat")).isTrue();
            tabTo(tab, "cover");
            tab.page().keyboard().press("Enter");
            String before = tab.page().getAttribute("#rectangle", "aria-label");
            tab.page().keyboard().press("ArrowRight");
            tab.page().keyboard().press("Shift+ArrowDown");
            assertThat(tab.page().getAttribute("#rectangle", "aria-label").replace('\u00a0', ' '))
                    .isNotEqualTo(before.replace('\u00a0', ' '))
                    .isEqualTo("Cover: from 37 % to 67 % across, from 35 % to 67 % down");
            tab.page().keyboard().press("Escape");
            assertThat(tab.page().isHidden("#mask")).isTrue();
        }
    }

    @Test
    void theWordsPlayOneByOneAndUnderReducedMotionTheyAreShownTogether() {
        try (Tab tab = browser.open(address)) {
            tab.caption(RED);
            tab.page().evaluate("""
                            () => {
                              globalThis.played = [];
                              addEventListener('word', () => played.push(
                                  document.querySelector('#words .current')?.firstChild.data ?? 'none'));
                            }
                            """);
            tab.page().click("#play");
            tab.page().waitForFunction("() => played.includes('none')");
            assertThat(tab.page().evaluate("() => played.join()")).isEqualTo("a,red,picture,none");
            assertThat(tab.text("#play")).isEqualTo("Play the words");
            assertThat(tab.page().isHidden("#heat")).isTrue();
        }
        Browser.NewContextOptions still = new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE);
        try (Tab tab = browser.open(address, still)) {
            tab.caption(RED);
            tab.page().click("#play");
            assertThat(tab.page().locator("#strip li").allInnerTexts()).containsExactly("a", "red", "picture");
        }
    }

    @Test
    void severalPhotosAreAListAndTheCaptionsOfOneAreComparedWithEachOther() {
        try (Tab tab = browser.open(address)) {
            tab.caption(RED, BLUE);
            tab.page().waitForSelector("#list li:nth-child(2) .done");

            tab.page().click("#list li:nth-child(2) .photo");
            assertThat(tab.word("blue").isVisible()).isTrue();
            assertThat(tab.text("#agreement-summary"))
                    .contains("All 3 say")
                    .contains("a blue picture")
                    .contains("again (2)")
                    .contains("Only one says");
            tab.page().click("#alternatives li:nth-child(3) button");
            assertThat(tab.page().locator("#words button").count()).isEqualTo(5);
            assertThat(tab.page().inputValue("#edited")).isEqualTo("a blue picture again again");
            tab.page().click("#list li:nth-child(2) .remove");
            assertThat(tab.word("red").isVisible()).isTrue();
            assertThat(tab.page().isHidden("#photos")).isTrue();
        }
    }

    @Test
    void anOptionIsKeptInTheAddressAndAWrongOneIsRefusedInWords() {
        try (Tab tab = browser.open(address + "#maxWords=2")) {
            tab.caption(RED);
            assertThat(tab.page().inputValue("#edited")).isEqualTo("a red");
            tab.page().click("#options summary");
            assertThat(tab.page().inputValue("#option-maxWords")).isEqualTo("2");
            tab.page().selectOption("#option-model", "blind");
            tab.page().fill("#option-maxWords", "");
            tab.page().click("#apply");
            tab.page().waitForSelector("#word-note:has-text('This model has no attention')");
            assertThat(tab.page().url()).endsWith("#model=blind");
            tab.page().fill("#option-temperature", "1");
            tab.page().click("#apply");
            assertThat(tab.text("#refusal")).contains("A parameter is wrong", "strategy=sample");
            tab.page().click("#defaults");
            assertThat(tab.word("picture").isVisible()).isTrue();
        }
    }

    @Test
    void aFileThatIsNoPhotoIsRefusedInWords() {
        try (Tab tab = browser.open(address)) {
            tab.choose(new FilePayload("notes.txt", "text/plain", "no photo".getBytes(StandardCharsets.US_ASCII)));

            assertThat(tab.text("#refusal")).contains("Not an image of a supported format", "JPEG");
            assertThat(tab.text("#unshown")).contains("cannot show");
            tab.choose(photo("black.png", Pictures.png(Color.BLACK, 30, 30)));
            tab.page().waitForSelector("#refusal:has-text('No words were found')");
        }
    }

    @Test
    void aFullServiceIsWaitedForAndThenAskedAgain() {
        try (Tab tab = browser.open(address)) {
            try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
                tab.choose(RED);
                assertThat(tab.text("#refusal")).contains("The service is full", "s left", "Stop trying");
            }
            assertThat(tab.word("red").isVisible()).isTrue();
            assertThat(tab.page().isHidden("#refusal")).isTrue();
        }
    }

    @Test
    void aPartIsCoveredAndWhatChangesIsShown() {
        try (Tab tab = browser.open(address)) {
            tab.caption(photo("corner.png", Pictures.png(blueCorner())));
            tab.word("blue");
            tab.word("a").click();
            tab.page().click("#cover");
            tab.page().click("#mask-word");
            tab.page().click("#mask-ask");

            assertThat(tab.text("#mask-answer del")).contains("blue");
            assertThat(tab.text("#mask-answer ins")).contains("red");
            assertThat(tab.text("#mask-answer")).contains("before", "with the part covered");
            var frame = tab.page().locator("#frame").boundingBox();
            tab.page().mouse().move(frame.x + 0.6 * frame.width, frame.y + 0.6 * frame.height);
            tab.page().mouse().down();
            tab.page().mouse().move(frame.x + 0.8 * frame.width, frame.y + 0.9 * frame.height);
            tab.page().mouse().up();
            assertThat(tab.page().getAttribute("#rectangle", "aria-label").replace('\u00a0', ' '))
                    .isEqualTo("Cover: from 60 % to 80 % across, from 60 % to 90 % down");
            tab.page().click("#mask-ask");
            tab.page().waitForSelector("#mask-answer:has-text('The words stay the same')");
        }
    }

    @Test
    void editedWordsAreScoredAndUnknownOnesNamed() {
        try (Tab tab = browser.open(address)) {
            tab.caption(RED);
            assertThat(tab.text("#edit-note")).isEqualTo("Created automatically, please check");
            tab.page().fill("#edited", "A red zebra.");
            assertThat(tab.text("#edit-note")).startsWith("Edited by you");
            tab.page().click("#score");

            assertThat(tab.text("#score-answer .score:first-child"))
                    .contains("Your words", "Log-probability", "The model does not know zebra");
            assertThat(tab.text("#score-answer .score:last-child")).contains("The model’s words", "picture");
            tab.page().fill("#edited", " ");
            tab.page().click("#score");
            assertThat(tab.text("#score-answer")).contains("no words to score");
            tab.page().click("#reset");
            assertThat(tab.page().inputValue("#edited")).isEqualTo("a red picture");
        }
    }

    @Test
    void aServiceThatDoesNotScoreIsToldInWords() {
        try (Tab tab = browser.open(address)) {
            tab.page()
                    .route(
                            "**/captions/score*",
                            route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                                    .setStatus(404)
                                    .setContentType("application/problem+json")
                                    .setBody("{\"title\":\"This path does not exist\"}")));
            tab.caption(RED);
            tab.page().click("#score");

            assertThat(tab.text("#score-answer .alert")).contains("This service does not score texts");
        }
    }

    @Test
    void theViewIsSavedWithItsHeatAndItsWords() throws Exception {
        try (Tab tab = browser.open(address)) {
            tab.caption(RED);
            tab.word("red").click();
            Download download = tab.page().waitForDownload(() -> tab.page().click("#save"));

            assertThat(download.suggestedFilename()).isEqualTo("red-attention.png");
            BufferedImage picture = ImageIO.read(download.path().toFile());
            assertThat(picture.getWidth()).isEqualTo(400);
            assertThat(picture.getHeight()).isGreaterThan(200);
            assertThat(brightestQuarter(picture.getSubimage(0, 0, 400, 200))).isEqualTo("upper right");
        }
    }

    private static Pixels blueCorner() {
        byte[] rgb = new byte[100 * 100 * 3];
        IntStream.range(0, 100 * 100).forEach(i -> {
            boolean corner = i % 100 < 50 && i / 100 < 50;
            rgb[3 * i] = (byte) (corner ? 0 : 60);
            rgb[3 * i + 2] = (byte) (corner ? 255 : 0);
        });
        return new Pixels(100, 100, rgb);
    }

    private static void tabTo(Tab tab, String id) {
        for (int presses = 0; presses < 60; presses++) {
            tab.page().keyboard().press("Tab");
            if (tab.page()
                    .evaluate("id => Boolean(document.activeElement.closest('#' + id))", id)
                    .equals(true)) {
                return;
            }
        }
        throw new AssertionError("the Tab key does not reach #" + id);
    }

    private static String brightestQuarter(Tab tab) throws Exception {
        tab.page().waitForSelector("#heat");
        return brightestQuarter(tab.seen("#frame"));
    }

    /** Returns the quarter whose centre has most green: the colours of much attention do, and the photos have none. */
    private static String brightestQuarter(BufferedImage picture) {
        String[] names = {"upper left", "upper right", "lower left", "lower right"};
        int best = 0;
        int most = -1;
        for (int quarter = 0; quarter < 4; quarter++) {
            int x = picture.getWidth() * (quarter % 2 == 0 ? 1 : 3) / 4;
            int y = picture.getHeight() * (quarter < 2 ? 1 : 3) / 4;
            int green = new Color(picture.getRGB(x, y)).getGreen();
            if (green > most) {
                best = quarter;
                most = green;
            }
        }
        return names[best];
    }

    private static FilePayload photo(String name, byte[] bytes) {
        return new FilePayload(name, name.endsWith("jpg") ? "image/jpeg" : "image/png", bytes);
    }
}
