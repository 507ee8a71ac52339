package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.bench.Load.Sample;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Tests of what the benchmark computes and reads by itself. */
class BenchTests {
    private static final long SECOND = 1_000_000_000;

    private final Load load = new Load(
            List.of(
                    new Sample(0, SECOND, 200),
                    new Sample(SECOND, 2 * SECOND - 1, 200),
                    new Sample(SECOND, SECOND + 5_000_000, 429),
                    new Sample(SECOND, 4 * SECOND, 200),
                    new Sample(SECOND, 2 * SECOND, Sample.NONE),
                    new Sample(-SECOND, SECOND / 2, 200)),
            0,
            2 * SECOND,
            1);

    @Test
    void aPercentileIsTheNearestRankOfAllThatWereAdded() {
        Latencies latencies = new Latencies();
        for (int millis = 1_000; millis >= 1; millis--) {
            latencies.add(millis * 1_000_000L);
        }

        assertThat(latencies.millis(50)).isEqualTo(500);
        assertThat(latencies.millis(99)).isEqualTo(990);
        assertThat(latencies.millis(99.95)).isEqualTo(1_000);
        assertThat(latencies.millis(0.01)).isEqualTo(1);
        assertThat(new Latencies().millis(50)).isNaN();
    }

    @Test
    void onlyGoodAnswersThatCameDuringTheLoadAreGoodput() {
        assertThat(load.goodput()).isEqualTo(1.5);
        assertThat(load.goodput(SECOND, 2 * SECOND)).isEqualTo(2);
    }

    @Test
    void aRateIsTakenBetweenTwoGoodAnswersInTheOrderInWhichTheyCame() {
        Latencies latencies = new Latencies();

        assertThat(load.rate(1, 3, latencies)).isEqualTo(2 / 3.0);
        assertThat(latencies.millis(100)).isEqualTo(1_000);
        assertThat(load.rate(1, 4, latencies)).isNaN();
    }

    @Test
    void latenciesAreThoseOfRequestsSentSinceTheStartAlsoOfLateAnswers() {
        assertThat(load.latencies(Sample::ok).count()).isEqualTo(3);
        assertThat(load.latencies(Sample::ok).millis(100)).isEqualTo(3_000);
        assertThat(load.latencies(Sample::refused).millis(100)).isEqualTo(5);
    }

    @Test
    void noAnswerIsAFaultAndARefusalIsNone() {
        assertThat(load.count(Sample::fault)).isEqualTo(1);
        assertThat(new Sample(0, 1, 500).fault()).isTrue();
        assertThat(new Sample(0, 1, 503).fault()).isFalse();
    }

    @Test
    void aMeterIsTheSumOfItsSeriesAndOfNoOther() {
        ServerProcess.Meters meters = new ServerProcess.Meters("""
                # HELP jvm_memory_used_bytes The amount of used memory
                jvm_memory_used_bytes{application="captioner",area="heap",id="G1 Eden Space"} 1.0E7
                jvm_memory_used_bytes{application="captioner",area="heap",id="G1 Old Gen"} 2.5E7
                jvm_memory_used_bytes{application="captioner",area="nonheap",id="Metaspace"} 7.0E7
                captioner_batch_size_images_sum{application="captioner"} 48.0
                captioner_batch_size_images_sum_of_another 1
                """);

        assertThat(meters.heapBytes()).isEqualTo(3.5e7);
        assertThat(meters.imagesRun()).isEqualTo(48);
        assertThat(meters.permitsUsed()).isZero();
    }

    @Test
    void drawnPhotosAreDifferentReproducibleAndOfTheSizeOfSmallPhotos() throws Exception {
        List<byte[]> photos = Photos.of(Options.read(new Properties()), 8);

        assertThat(photos)
                .doesNotHaveDuplicates()
                .allSatisfy(photo -> assertThat(photo.length).isBetween(10_000, 40_000));
        assertThat(photos.subList(0, 4)).containsExactlyElementsOf(Photos.of(Options.read(new Properties()), 4));
    }

    @Test
    void anAnswerIsReadToItsEndAndOneThatIsCutOffIsNoAnswer() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Connection connection = new Connection(listener.getLocalPort(), Duration.ofSeconds(10));
                Socket accepted = listener.accept()) {
            accepted.getOutputStream().write("""
                    HTTP/1.1 200 OK\r
                    Transfer-Encoding: chunked\r
                    \r
                    4;x\r
                    half\r
                    0\r
                    \r
                    HTTP/1.1 429 Too Many\r
                    Content-Length: 10\r
                    \r
                    half""".getBytes(StandardCharsets.UTF_8));
            accepted.close();

            assertThat(connection.receive().text()).isEqualTo("half");
            assertThatThrownBy(connection::receive).hasMessageContaining("4 of 10 bytes");
        }
    }
}
