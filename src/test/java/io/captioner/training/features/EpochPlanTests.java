package io.captioner.training.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.features.EpochPlan.Example;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochPlanTests {
    private final List<Example> examples = IntStream.range(0, 103)
            .mapToObj(photo -> new Example(photo, new int[1 + photo % 9], 1))
            .toList();

    @Test
    void everyCaptionIsSeenOnceInBatchesOfSimilarLength() {
        List<EpochPlan.Batch> batches = EpochPlan.batches(examples, 8, true, 1, 0);

        assertThat(batches).hasSize(13);
        assertThat(batches.stream().flatMap(batch -> batch.examples().stream()))
                .containsExactlyInAnyOrderElementsOf(examples);
        assertThat(batches).allSatisfy(batch -> {
            assertThat(batch.mirrored()).hasSameSizeAs(batch.examples());
            int shortest = batch.examples().stream()
                    .mapToInt(example -> example.words().length)
                    .min()
                    .orElseThrow();
            assertThat(batch.examples())
                    .allSatisfy(example ->
                            assertThat(example.words().length - shortest).isBetween(0, 1));
        });
    }

    @Test
    void captionsOfAPhotoStayTogetherWithOneCopyOfIt() {
        List<Example> five = IntStream.range(0, 60)
                .mapToObj(i -> new Example(i / 5, new int[1 + i % 9], 1))
                .toList();

        List<EpochPlan.Batch> batches = EpochPlan.ofWholePhotos(five, 12, true, 1, 0);

        assertThat(batches.stream().flatMap(batch -> batch.examples().stream()))
                .containsExactlyInAnyOrderElementsOf(five);
        assertThat(batches).hasSize(4).allSatisfy(batch -> {
            assertThat(batch.photos()).hasSize(3).doesNotHaveDuplicates();
            assertThat(batch.mirrored()).hasSize(3);
            for (int i = 0; i < batch.examples().size(); i++) {
                assertThat(batch.photos().get(batch.rows().get(i)))
                        .isEqualTo(batch.examples().get(i).photo());
            }
        });
    }

    @Test
    void theSameSeedAndEpochGiveTheSamePlanAndOthersAnother() {
        List<EpochPlan.Batch> plan = EpochPlan.batches(examples, 8, true, 1, 3);

        assertThat(EpochPlan.batches(examples, 8, true, 1, 3)).isEqualTo(plan);
        assertThat(EpochPlan.batches(examples, 8, true, 1, 4)).isNotEqualTo(plan);
        assertThat(EpochPlan.batches(examples, 8, true, 2, 3)).isNotEqualTo(plan);
    }

    @Test
    void photosAreMirroredAboutHalfTheTimeAndOnlyIfWanted() {
        assertThat(mirrored(true)).isBetween(35L, 68L);
        assertThat(mirrored(false)).isZero();
    }

    private long mirrored(boolean mirror) {
        return EpochPlan.batches(examples, 8, mirror, 1, 0).stream()
                .flatMap(batch -> batch.mirrored().stream())
                .filter(Boolean::booleanValue)
                .count();
    }
}
