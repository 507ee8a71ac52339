package io.captioner.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.FakeCaptionModel;
import io.captioner.Pictures;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.ModelDevice;
import io.captioner.model.ModelFailedException;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class BulkCaptionerTests {
    private static final byte[] RED = Pictures.png(Color.RED, 8, 8);
    private static final byte[] GREEN = Pictures.png(Color.GREEN, 12, 10);
    private static final byte[] WHITE = Pictures.png(Color.WHITE, 8, 8);
    private static final byte[] BLACK = Pictures.png(Color.BLACK, 8, 8);

    private final FakeCaptionModel model = new FakeCaptionModel("colours", true);
    private final BulkCaptioner captioner = new BulkCaptioner(model, "abc", properties(4, null));

    @AfterEach
    void close() {
        captioner.close();
    }

    @Test
    void photosAreCaptionedInTheirOrderWithTheBundlesOwnSearch() {
        List<PhotoCaption> captions = captions(RED, GREEN, RED);

        assertThat(captions)
                .extracting(PhotoCaption::caption)
                .containsExactly("a red picture", "a green picture", "a red picture");
        assertThat(captions.get(1).width()).isEqualTo(12);
        assertThat(captions.get(1).height()).isEqualTo(10);
        assertThat(captions.get(1).words())
                .containsExactly(
                        new Hypothesis.Word("a", Math.exp((float) Math.log(0.5))),
                        new Hypothesis.Word("green", Math.exp((float) Math.log(0.25))),
                        new Hypothesis.Word("picture", Math.exp((float) Math.log(0.25))));
        assertThat(captions.get(1).origin())
                .isEqualTo(new PhotoCaption.Origin("colours/3", "abc", new PhotoCaption.Search(3, 20, 0.5f, 0)));
        assertThat(model.asked()).containsOnly(new DecodeOptions(3, 20, 0.5f));
    }

    @Test
    @SuppressWarnings("NullAway") // which does not see that the elements of the variable arguments may be null
    void aPhotoThatIsNoneHasItsReasonAndHarmsNobody() {
        List<PhotoCaption> captions = captions(
                RED,
                "no picture".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                null,
                new byte[2001],
                WHITE,
                BLACK,
                GREEN);

        assertThat(captions)
                .extracting(caption -> caption.error() == null
                        ? caption.caption()
                        : caption.error().reason())
                .containsExactly(
                        "a red picture",
                        "NOT_AN_IMAGE",
                        "EMPTY_IMAGE",
                        "MISSING_FILE",
                        "TOO_MANY_BYTES",
                        "MODEL_FAILED",
                        "NOTHING_TO_CAPTION",
                        "a green picture");
    }

    @Test
    void aDeviceThatFailsOnEverythingEndsTheJobAndBlamesNoPhoto() {
        model.failFrom(1);

        assertThatThrownBy(() -> captions(RED)).isInstanceOf(ModelFailedException.class);
    }

    @Test
    void manyPhotosRunInFullBatches() {
        assertThat(captions(Collections.nCopies(40, RED).toArray(byte[][]::new)))
                .hasSize(40);

        assertThat(model.batchSizes()).containsOnly(4).hasSize(10);
    }

    @Test
    void aStreamIsReadNoFurtherThanTwoBatchesAhead() {
        List<Integer> read = new ArrayList<>();
        Iterator<byte @Nullable []> photos = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public byte[] next() {
                read.add(read.size());
                return RED;
            }
        };

        captioner.caption(photos).next();

        assertThat(read).hasSize(8);
    }

    @Test
    void aBeamThatIsTooWideIsRefusedBeforeAnyPhoto() {
        assertThatThrownBy(() -> new BulkCaptioner(model, "abc", properties(4, 11)))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("beamWidth is 11");
    }

    private List<PhotoCaption> captions(byte @Nullable []... photos) {
        List<PhotoCaption> captions = new ArrayList<>();
        List<byte @Nullable []> all = new ArrayList<>();
        Collections.addAll(all, photos);
        captioner.caption(all.iterator()).forEachRemaining(captions::add);
        return captions;
    }

    private static CaptioningProperties properties(int batchSize, @Nullable Integer beamWidth) {
        return new CaptioningProperties(
                ModelDevice.CPU, batchSize, beamWidth, null, null, null, DataSize.ofBytes(2000), 1_000_000, 1000);
    }
}
