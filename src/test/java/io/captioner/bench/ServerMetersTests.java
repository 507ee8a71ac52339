package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerMetersTests {
    @Test
    void aMeterIsTheSumOfItsSeriesAndOfNoOther() {
        ServerMeters meters = new ServerMeters("""
                # HELP jvm_memory_used_bytes The amount of used memory
                jvm_memory_used_bytes{application="captioner",area="heap",id="G1 Eden Space"} 1.0E7
                jvm_memory_used_bytes{application="captioner",area="heap",id="G1 Old Gen"} 2.5E7
                jvm_memory_used_bytes{application="captioner",area="nonheap",id="Metaspace"} 7.0E7
                captioner_batch_size_images_sum{application="captioner"} 48.0
                captioner_batch_size_images_count{application="captioner"} 5
                captioner_batch_size_images_sum_of_another 1
                """);

        assertThat(meters.heapBytes()).isEqualTo(3.5e7);
        assertThat(meters.imagesRun()).isEqualTo(48);
        assertThat(meters.batchesRun()).isEqualTo(5);
        assertThat(meters.permitsUsed()).isZero();
    }
}
