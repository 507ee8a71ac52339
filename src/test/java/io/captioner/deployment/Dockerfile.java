package io.captioner.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Dockerfile, read as far as tests ask about it.
 *
 * @param arguments the defaults of the arguments before the first stage
 * @param stages in their order, each with its instructions
 */
public record Dockerfile(Map<String, String> arguments, Map<String, List<Instruction>> stages) {
    private static final Pattern STAGE = Pattern.compile("\\S+ AS ([\\w-]+)");

    /** One instruction of a stage, its continued lines joined. */
    record Instruction(String name, String value) {}

    static Dockerfile read(Path file) throws IOException {
        Map<String, String> arguments = new HashMap<>();
        Map<String, List<Instruction>> stages = new LinkedHashMap<>();
        List<Instruction> current = new ArrayList<>();
        for (String line : joined(Files.readAllLines(file))) {
            String[] parts = line.split(" ", 2);
            Instruction instruction = new Instruction(parts[0].toUpperCase(Locale.ROOT), parts[1].strip());
            if (instruction.name().equals("FROM")) {
                current = new ArrayList<>();
                stages.put(stageName(instruction.value()), current);
            } else if (stages.isEmpty()) {
                String[] argument = instruction.value().split("=", 2);
                arguments.put(argument[0], argument[1]);
            }
            current.add(instruction);
        }
        return new Dockerfile(arguments, stages);
    }

    /** Returns the values of a stage's instructions of a name. */
    List<String> values(String stage, String name) {
        return stages.getOrDefault(stage, List.of()).stream()
                .filter(instruction -> instruction.name().equals(name))
                .map(Instruction::value)
                .toList();
    }

    private static String stageName(String from) {
        Matcher matcher = STAGE.matcher(from);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a stage without a name: FROM " + from);
        }
        return matcher.group(1);
    }

    private static List<String> joined(List<String> lines) {
        List<String> joined = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : lines) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            boolean continued = text.endsWith("\\");
            open.append(continued ? text.substring(0, text.length() - 1).strip() : text)
                    .append(continued ? " " : "");
            if (!continued) {
                joined.add(open.toString());
                open.setLength(0);
            }
        }
        return joined;
    }
}
