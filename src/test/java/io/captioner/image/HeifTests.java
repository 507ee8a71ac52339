package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import io.captioner.image.heif.HeifStill;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeifTests {
    private static final ImageLimits LIMITS = new ImageLimits(1_000_000, 20_000);
    private static final ImageSize TARGET = new ImageSize(32, 24);

    @ParameterizedTest
    @CsvSource({
        "still.heic,HEIC,6",
        "alpha.heic,HEIC,6",
        "ten-bits.heic,HEIC,8",
        "alpha.avif,AVIF,6",
        "twelve-bits.avif,AVIF,6"
    })
    void everyKindOfFileShowsItsColoursOnWhite(String name, ImageFormat format, int tolerance) {
        Photo photo = decoded(name, format, TARGET);

        assertThat(photo.format()).isEqualTo(format);
        assertThat(photo.width()).isEqualTo(64);
        assertThat(photo.height()).isEqualTo(48);
        Quarters.assertShown(photo.pixels(), tolerance, "RGBW");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
    void rotationAndMirroringInTheFileTurnThePhotoUpright(int orientation) {
        Photo photo = decoded("turned-%d.heic".formatted(orientation), ImageFormat.HEIC, TARGET);

        assertThat(photo.width()).isEqualTo(orientation < 5 ? 64 : 48);
        assertThat(photo.height()).isEqualTo(orientation < 5 ? 48 : 64);
        Quarters.assertShown(photo.pixels(), 6, Quarters.TURNED[orientation - 1]);
    }

    @Test
    void tilesThatReachBeyondThePictureAreTurnedOnceThoughExifTurnsThemToo() {
        Photo photo = decoded("tiles.heic", ImageFormat.HEIC, new ImageSize(90, 120));

        assertThat(photo.width()).isEqualTo(90);
        assertThat(photo.height()).isEqualTo(120);
        Quarters.assertShown(photo.pixels(), 6, "BRWG");
    }

    @Test
    void displayP3BecomesSrgb() {
        Pixels pixels = decoded("p3.heic", ImageFormat.HEIC, TARGET).pixels();

        assertThat(Drawings.at(pixels, 8, 6)).matches(red -> Drawings.near(red, new Color(240, 0, 0), 4));
        assertThat(Drawings.at(pixels, 24, 6)).matches(green -> Drawings.near(green, new Color(0, 162, 0), 4));
        assertThat(Drawings.at(pixels, 24, 18)).matches(white -> Drawings.near(white, Color.WHITE, 2));
    }

    @Test
    void aProfileCountsBeforeCodedColoursAndADamagedOneIsIgnored() {
        byte[] nclx = {0, 9, 0, 16, 0, 0, 0};
        byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] grey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();

        assertThat(converted(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData(), nclx))
                .isBetween(99, 101);
        assertThat(converted(linear, null)).isBetween(165, 169);
        assertThat(converted(Arrays.copyOf(linear, 140), null)).isEqualTo(100);
        assertThat(converted(grey, null)).isEqualTo(100);
    }

    @Test
    void videoTransfersAreBroughtToPaperWhite() {
        assertThat(converted(null, new byte[] {0, 1, 0, 13, 0, 1, 0})).isEqualTo(100);
        assertThat(converted(null, new byte[] {0, 1, 0, 8, 0, 1, 0})).isBetween(165, 169);
        assertThat(converted(148, new byte[] {0, 9, 0, 16, 0, 9, 0})).isBetween(250, 255);
        assertThat(converted(191, new byte[] {0, 9, 0, 18, 0, 9, 0})).isBetween(250, 255);
        assertThat(converted(64, new byte[] {0, 9, 0, 16, 0, 9, 0})).isLessThan(120);
    }

    @ParameterizedTest
    @CsvSource({"still.heic,HEIC", "twelve-bits.avif,AVIF"})
    void withoutTheLibraryTheRefusalNamesTheFormatAndTheWayOut(String name, String format) {
        PhotoDecoder decoder = new PhotoDecoder(LIMITS, HeifSupport.off());

        UnreadableImageException refused = catchThrowableOfType(
                UnreadableImageException.class, () -> decoder.decode(Drawings.resource(name), TARGET));

        assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
        assertThat(refused).hasMessageContainingAll(format, "captioner.image.heif", "JPEG", "PNG");
        assertThat(HeifSupport.off().version()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"still.heic", "twelve-bits.avif", "tiles.heic"})
    void theSizeIsJudgedBeforeAPixelIsDecoded(String name) {
        byte[] file = Drawings.resource(name);
        ByteBuffer.wrap(file).putInt(last(file, "ispe") + 8, 30_000);

        assertThat(refusal(file).reason()).isEqualTo(name.equals("tiles.heic") ? Reason.CORRUPT : Reason.TOO_LARGE);
    }

    @Test
    void aGridBeyondTheLimitsIsRefused() {
        byte[] file = Drawings.resource("tiles.heic");
        int grid = new String(file, StandardCharsets.ISO_8859_1).lastIndexOf("\0\0\1\1\0\u0078\0\u005a");
        ByteBuffer.wrap(file).putShort(grid + 4, (short) 60_000);
        assertThat(refusal(file).reason()).isEqualTo(Reason.TOO_LARGE);

        ByteBuffer.wrap(file).putShort(grid + 4, (short) 120).put(grid + 2, (byte) 255);
        assertThat(refusal(file)).hasMessageContaining("tiles");
    }

    @ParameterizedTest
    @CsvSource({"still.heic", "twelve-bits.avif"})
    void aVideoHeaderOfAnotherSizeThanTheFilesIsRefused(String name) {
        byte[] file = Drawings.resource(name);
        int size = last(file, "ispe");
        ByteBuffer.wrap(file).putInt(size + 8, 400).putInt(size + 12, 300);

        assertThat(refusal(file)).hasMessageContaining("disagree about its size");
    }

    @Test
    void aCutOffFileIsDamaged() {
        byte[] file = Drawings.resource("still.heic");

        UnreadableImageException refused = refusal(Arrays.copyOf(file, file.length - 10));

        assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
        assertThat(refused).hasMessageContaining("missing");
    }

    @Test
    void aFileWithoutAPictureOrWithASequenceAloneIsNamed() {
        byte[] file = Drawings.resource("still.heic");
        file[last(file, "pitm")] = 'x';
        assertThat(refusal(file)).hasMessageContainingAll("HEIC", "JPEG", "PNG");

        file[last(file, "meta")] = 'x';
        UnreadableImageException refused = refusal(file);
        assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
        assertThat(refused).hasMessageContainingAll("sequence", "JPEG", "PNG");
    }

    @Test
    void aPictureOfAKindThatIsNotReadIsNamed() {
        byte[] file = Drawings.resource("still.heic");
        int type = last(file, "hvc1");
        file[type] = 'v';

        UnreadableImageException refused = refusal(file);

        assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
        assertThat(refused).hasMessageContainingAll("'vvc1'", "JPEG", "PNG");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"still.heic", "alpha.heic", "tiles.heic", "turned-6.heic", "alpha.avif", "twelve-bits.avif"})
    void noMutationLetsAnythingButARefusalOut(String name) {
        byte[] original = Drawings.resource(name);
        Random random = new Random(name.hashCode());
        PhotoDecoder decoder = new PhotoDecoder(LIMITS);
        boolean decodes = HeifSupport.installed().version().isPresent();
        for (int i = 0; i < 200; i++) {
            byte[] mutant = Arrays.copyOf(original, i % 10 == 0 ? random.nextInt(original.length) : original.length);
            for (int change = random.nextInt(6); change >= 0 && mutant.length > 12; change--) {
                mutant[12 + random.nextInt(mutant.length - 12)] = (byte) random.nextInt(256);
            }
            try {
                if (decodes) {
                    assertThat(decoder.decode(mutant, TARGET).pixels().width()).isEqualTo(32);
                } else {
                    assertThat(HeifStill.read(mutant, LIMITS).crop().isEmpty()).isFalse();
                }
            } catch (UnreadableImageException refused) {
                assertThat(refused.getMessage()).containsAnyOf("Send", "send");
            }
        }
    }

    private static Photo decoded(String name, ImageFormat format, ImageSize size) {
        HeifSupport support = HeifSupport.installed();
        assumeTrue(
                support.reads(format), () -> format + " cannot be decoded on this machine: " + support.description());
        return new PhotoDecoder(LIMITS, support).decode(Drawings.resource(name), size);
    }

    private static UnreadableImageException refusal(byte[] file) {
        UnreadableImageException refused =
                catchThrowableOfType(UnreadableImageException.class, () -> HeifStill.read(file, LIMITS));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static int converted(byte @Nullable [] profile, byte @Nullable [] nclx) {
        return converted(100, profile, nclx);
    }

    private static int converted(int grey, byte @Nullable [] nclx) {
        return converted(grey, null, nclx);
    }

    private static int converted(int grey, byte @Nullable [] profile, byte @Nullable [] nclx) {
        byte[] row = {(byte) grey, (byte) grey, (byte) grey};
        ColourConversion colours = HeifDecoder.colours(profile, nclx);
        if (colours != null) {
            colours.convert(row);
        }
        return row[1] & 0xff;
    }

    private static int last(byte[] file, String type) {
        return new String(file, StandardCharsets.ISO_8859_1).lastIndexOf(type);
    }
}
