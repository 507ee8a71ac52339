package io.captioner.bulk.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.bulk.spark.CaptionJob.JobArguments;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobArgumentsTests {
    @Test
    void whatIsNotGivenHasItsDefault() {
        JobArguments arguments = parse();

        assertThat(arguments.photos()).containsExactly("hdfs:/a", "s3a://b/c");
        assertThat(arguments.glob()).isEqualTo("*");
        assertThat(arguments.photosPerTask()).isEqualTo(256);
        assertThat(arguments.maxBytes()).isEqualTo(20_971_520);
        assertThat(arguments.settings()).isEqualTo(Map.of("max-bytes", "20971520"));
    }

    @Test
    void settingsOfTheModelAreApartFromThoseOfTheJob() {
        JobArguments arguments = parse("--glob=*.{jpg,png}", "--beam-width=5", "--max-bytes=7", "--length-penalty=0.5");

        assertThat(arguments.glob()).isEqualTo("*.{jpg,png}");
        assertThat(arguments.maxBytes()).isEqualTo(7);
        assertThat(arguments.settings())
                .isEqualTo(Map.of("beam-width", "5", "max-bytes", "7", "length-penalty", "0.5"));
    }

    @Test
    void aValueMayHoldAnEqualsSign() {
        assertThat(parse("--glob=a=b").glob()).isEqualTo("a=b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--beam=3", "beam-width=3", "--beam-width", "-glob=*", "", "--=x"})
    void anArgumentThatIsUnknownIsRefusedWithTheUsage(String argument) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(argument))
                .withMessageContaining("'" + argument + "'")
                .withMessageContaining("spark-submit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"photos", "bundle", "output"})
    void whatTheJobNeedsIsAskedForByName(String name) {
        String[] others = Stream.of("--photos=a", "--bundle=b", "--output=c")
                .filter(argument -> !argument.startsWith("--" + name))
                .toArray(String[]::new);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobArguments.parse(others))
                .withMessageContaining("--" + name + " is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "x", "", "01", "1000000000", "99999999999999"})
    void aNumberOutOfRangeIsRefused(String number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--photos-per-task=" + number))
                .withMessageContaining("--photos-per-task is '" + number + "'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--max-bytes=" + number))
                .withMessageContaining("from 1 to 999999999");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "256, 1", "257, 2", "512, 2", "9000000000000, 2147483647"})
    void aTaskHasAtMostSoManyPhotosOnAverage(long photos, int tasks) {
        assertThat(parse().tasks(photos)).isEqualTo(tasks);
    }

    @Test
    void theOriginOfCaptionsIsTheBundleAndWhatChangesACaption() {
        String origin = parse("--beam-width=5").origin("abc");

        assertThat(origin).isEqualTo("bundle abc, {beam-width=5, max-bytes=20971520}%n".formatted());
        assertThat(parse("--beam-width=5", "--device=cpu", "--batch-size=4").origin("abc"))
                .isEqualTo(origin);
        assertThat(parse("--beam-width=4").origin("abc")).isNotEqualTo(origin);
        assertThat(parse("--beam-width=5").origin("abd")).isNotEqualTo(origin);
    }

    private static JobArguments parse(String... more) {
        return JobArguments.parse(
                Stream.concat(Stream.of("--photos=hdfs:/a,s3a://b/c", "--bundle=b", "--output=c"), Stream.of(more))
                        .toArray(String[]::new));
    }
}
