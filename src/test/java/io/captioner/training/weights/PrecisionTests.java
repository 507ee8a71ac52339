package io.captioner.training.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PrecisionTests {
    @Test
    void aProcessorWithTilesForBfloat16ComputesInIt() {
        assertThat(Precision.of("processor\t: 0\nflags\t\t: fpu avx512f amx_bf16 amx_tile\n"))
                .isEqualTo(Precision.BFLOAT16);
    }

    @Test
    void instructionsWithoutTilesAreNotEnough() {
        assertThat(Precision.of("flags\t\t: fpu avx512f avx512_bf16 amx_tile\nmodel name\t: not amx_bf16\n"))
                .isEqualTo(Precision.FLOAT32);
        assertThat(Precision.of("")).isEqualTo(Precision.FLOAT32);
    }

    @Test
    void theSameMachineGetsTheSameAnswer() throws IOException {
        assertThat(Precision.ofThisMachine()).isEqualTo(Precision.ofThisMachine());
    }
}
