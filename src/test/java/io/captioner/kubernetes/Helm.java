package io.captioner.kubernetes;

import io.captioner.CommandLineTool;
import io.captioner.CommandLineTool.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The helm on the path, of which only {@code template} and {@code lint} are used: they need no cluster. */
final class Helm {
    private static final String NAMESPACE = "captioner";

    private Helm() {}

    /**
     * Returns what the chart renders for a release of this name, without its test; the test is skipped where there is
     * no helm.
     *
     * @param arguments options of helm, such as {@code --set}
     */
    static List<Manifest> template(String release, List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(arguments);
        all.add("--skip-tests");
        return templateWithTests(release, all);
    }

    /** Returns what the chart renders, the pod of {@code helm test} and its policy included. */
    static List<Manifest> templateWithTests(String release, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("template", release, Manifest.CHART.toString()));
        all.addAll(List.of("--namespace", NAMESPACE));
        all.addAll(arguments);
        String yaml = CommandLineTool.onPath("helm").output(all.toArray(String[]::new));
        return Manifest.parse("helm template " + String.join(" ", arguments), yaml);
    }

    /** Returns what helm says of values that the chart may refuse. */
    static Result tryTemplate(List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("template", "captioner", Manifest.CHART.toString()));
        all.addAll(arguments);
        return CommandLineTool.onPath("helm").run(all.toArray(String[]::new));
    }

    /** Returns what the linter says of the chart with these values. */
    static Result lint(List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("lint", "--strict", Manifest.CHART.toString()));
        all.addAll(arguments);
        return CommandLineTool.onPath("helm").run(all.toArray(String[]::new));
    }
}
