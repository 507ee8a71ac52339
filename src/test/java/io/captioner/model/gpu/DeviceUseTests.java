package io.captioner.model.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.StepStats;

class DeviceUseTests {
    private static final String TASK = "/job:localhost/replica:0/task:0";

    @Test
    void heavyNodesAreFoundWhereTheyWerePlacedAlsoAfterRewriting() {
        RunMetadata trace = RunMetadata.newBuilder()
                .addPartitionGraphs(GraphDef.newBuilder()
                        .addNode(node("conv", "_FusedConv2D", TASK + "/device:GPU:0"))
                        .addNode(node("depth", "DepthwiseConv2dNative", TASK + "/device:GPU:0"))
                        .addNode(node("logits", "MatMul", TASK + "/device:GPU:0"))
                        .addNode(node("add", "AddV2", TASK + "/device:GPU:0")))
                .addPartitionGraphs(
                        GraphDef.newBuilder().addNode(node("keys", "BatchMatMulV2", TASK + "/device:CPU:0")))
                .build();

        assertThat(DeviceUse.of(trace).heavyNodes())
                .containsExactly(
                        Map.entry("CPU:0", List.of("keys")), Map.entry("GPU:0", List.of("conv", "depth", "logits")));
    }

    @Test
    void theTimeOfOperationsAndOfTheGpuItselfAreToldApart() {
        RunMetadata trace = RunMetadata.newBuilder()
                .setStepStats(StepStats.newBuilder()
                        .addDevStats(device(TASK + "/device:CPU:0", 5, 7))
                        .addDevStats(device(TASK + "/device:GPU:0", 30))
                        .addDevStats(device("/device:GPU:0/stream:all", 100, 20))
                        .addDevStats(device("/device:GPU:0/stream:16(Kernel)", 90))
                        .addDevStats(device("/device:GPU:1/stream:16(Kernel)", 11))
                        .addDevStats(device("/device:GPU:1/stream:17(MemcpyH2D)", 2)))
                .build();

        DeviceUse use = DeviceUse.of(trace);

        assertThat(use.operationMicros()).containsOnly(Map.entry("CPU:0", 12L), Map.entry("GPU:0", 30L));
        assertThat(use.kernelMicros()).containsOnly(Map.entry("GPU:0", 120L), Map.entry("GPU:1", 13L));
    }

    @Test
    void devicesHaveOneNameHoweverTheTraceSpellsThem() {
        assertThat(DeviceUse.device(TASK + "/device:GPU:12")).isEqualTo("GPU:12");
        assertThat(DeviceUse.device("/gpu:0/stream:all")).isEqualTo("GPU:0");
        assertThat(DeviceUse.device("/host:CPU")).isEqualTo("/host:CPU");
    }

    private static NodeDef node(String name, String op, String device) {
        return NodeDef.newBuilder().setName(name).setOp(op).setDevice(device).build();
    }

    private static DeviceStepStats device(String name, long... micros) {
        DeviceStepStats.Builder stats = DeviceStepStats.newBuilder().setDevice(name);
        for (long time : micros) {
            stats.addNodeStats(NodeExecStats.newBuilder().setOpStartRelMicros(3).setOpEndRelMicros(3 + time));
        }
        return stats.build();
    }
}
