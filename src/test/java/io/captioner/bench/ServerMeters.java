package io.captioner.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** A reading of all meters of the server, in Prometheus' text format. */
final class ServerMeters {
    private final Map<String, Double> values = new LinkedHashMap<>();

    ServerMeters(String text) {
        for (String line : text.split("\n")) {
            int space = line.lastIndexOf(' ');
            if (!line.startsWith("#") && space > 0) {
                values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            }
        }
    }

    /**
     * Returns the sum of a meter over all its series that have these labels, 0 where there is none.
     *
     * @param labels as they are written, such as {@code area="heap"}
     */
    double sum(String name, String... labels) {
        double sum = 0;
        for (Map.Entry<String, Double> entry : values.entrySet()) {
            if (matches(entry.getKey(), name, labels)) {
                sum += entry.getValue();
            }
        }
        return sum;
    }

    /** Returns the images that the device has run. */
    double imagesRun() {
        return sum("captioner_batch_size_images_sum");
    }

    double batchesRun() {
        return sum("captioner_batch_size_images_count");
    }

    double queueDepth() {
        return sum("captioner_queue_depth_images");
    }

    double permitsUsed() {
        return sum("captioner_permits_used_images");
    }

    double heapBytes() {
        return sum("jvm_memory_used_bytes", "area=\"heap\"");
    }

    private static boolean matches(String series, String name, String... labels) {
        if (!series.startsWith(name) || (series.length() > name.length() && series.charAt(name.length()) != '{')) {
            return false;
        }
        for (String label : labels) {
            if (!series.contains(label)) {
                return false;
            }
        }
        return true;
    }
}
