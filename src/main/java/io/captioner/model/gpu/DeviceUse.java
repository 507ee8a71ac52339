package io.captioner.model.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;

/**
 * Which device ran what, as TensorFlow's full trace of one run tells. Devices are called as in {@code GPU:0}.
 *
 * @param heavyNodes names of the convolutions and matrix products placed on each device, after all rewriting
 * @param operationMicros time that each device's operations took in the executor, in microseconds
 * @param kernelMicros time that each GPU itself was busy, in microseconds; empty where CUPTI cannot be loaded
 */
public record DeviceUse(
        Map<String, List<String>> heavyNodes, Map<String, Long> operationMicros, Map<String, Long> kernelMicros) {
    private static final Pattern DEVICE = Pattern.compile("(?:device:|/)([CG]PU:\\d+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern HEAVY = Pattern.compile("Conv[23]D|Conv2d|MatMul|Einsum");
    private static final String ALL_STREAMS = "/stream:all";
    private static final String STREAM = "/stream:";

    /** Reads the trace of a run that was asked for {@code FULL_TRACE} and its partition graphs. */
    public static DeviceUse of(RunMetadata trace) {
        Map<String, List<String>> heavy = new TreeMap<>();
        for (GraphDef partition : trace.getPartitionGraphsList()) {
            for (NodeDef node : partition.getNodeList()) {
                if (HEAVY.matcher(node.getOp()).find()) {
                    heavy.computeIfAbsent(device(node.getDevice()), device -> new ArrayList<>())
                            .add(node.getName());
                }
            }
        }
        Map<String, Long> operations = new TreeMap<>();
        Map<String, Long> allStreams = new TreeMap<>();
        Map<String, Long> streams = new TreeMap<>();
        for (DeviceStepStats stats : trace.getStepStats().getDevStatsList()) {
            String name = stats.getDevice();
            Map<String, Long> sum =
                    name.contains(ALL_STREAMS) ? allStreams : name.contains(STREAM) ? streams : operations;
            sum.merge(device(name), micros(stats), Long::sum);
        }
        streams.putAll(allStreams);
        return new DeviceUse(heavy, operations, streams);
    }

    /** Returns a device's name without its job and task, or the whole name if it is no CPU's or GPU's. */
    static String device(String name) {
        Matcher matcher = DEVICE.matcher(name);
        return matcher.find() ? matcher.group(1).toUpperCase(Locale.ROOT) : name;
    }

    private static long micros(DeviceStepStats stats) {
        long micros = 0;
        for (NodeExecStats node : stats.getNodeStatsList()) {
            micros += Math.max(0, node.getOpEndRelMicros() - node.getOpStartRelMicros());
        }
        return micros;
    }
}
