package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Where the objects of a photo are.
 *
 * @param width of the upright photo, in pixels
 * @param height likewise
 * @param objects what is in it
 */
public record ObjectBoxes(int width, int height, List<LabelledBox> objects) {
    private static final int BOX_VALUES = 4;

    /**
     * One object, and the box around it in pixels of the upright photo.
     *
     * @param words for it
     */
    public record LabelledBox(Set<String> words, double x, double y, double width, double height) {
        /** Returns whether a point lies in the box, edges included. */
        public boolean contains(double pointX, double pointY) {
            return pointX >= x && pointX <= x + width && pointY >= y && pointY <= y + height;
        }
    }

    /**
     * Reads instance annotations as COCO has them: {@code images} with {@code id}, {@code file_name}, {@code width} and
     * {@code height}, then {@code annotations} with {@code image_id}, {@code category_id} and {@code bbox}, and
     * {@code categories} with {@code id} and {@code name}. The words for an object are the name of its category and,
     * where there are any as in LVIS, {@code synonyms}.
     *
     * @return the objects by {@code file_name} of their photo
     * @throws UnusableFileException if it is damaged or holds something else
     */
    public static Map<String, ObjectBoxes> read(Path file) throws IOException {
        Map<String, ObjectBoxes> byName = new HashMap<>();
        Map<String, ObjectBoxes> byId = new HashMap<>();
        Map<String, Set<String>> words = new HashMap<>(); // of each category, which may come after its objects
        try {
            JsonArrays.forEach(
                    file,
                    Map.of(
                            "images",
                            (number, node) -> {
                                Element image = new Element(file, "images", number, node);
                                ObjectBoxes boxes = new ObjectBoxes(
                                        image.positive("width"), image.positive("height"), new ArrayList<>());
                                byId.put(image.text("id"), boxes);
                                byName.put(image.text("file_name"), boxes);
                                return true;
                            },
                            "annotations",
                            (number, node) -> {
                                Element object = new Element(file, "annotations", number, node);
                                ObjectBoxes photo = byId.get(object.text("image_id"));
                                if (photo == null) {
                                    throw object.faulty("is of an image that is not among those before it");
                                }
                                photo.objects.add(object.box(words.computeIfAbsent(
                                        object.text("category_id"), category -> new HashSet<>())));
                                return true;
                            },
                            "categories",
                            (number, node) -> {
                                Element category = new Element(file, "categories", number, node);
                                Set<String> names = words.computeIfAbsent(category.text("id"), id -> new HashSet<>());
                                names.add(category.text("name"));
                                node.path("synonyms").forEach(synonym -> names.add(synonym.asString()));
                                return true;
                            }));
        } catch (JacksonException e) {
            throw new UnusableFileException("%s is no whole JSON: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return byName;
    }

    /** One element of an array of the file, counted from 1. */
    private record Element(Path file, String array, int number, JsonNode node) {
        String text(String name) {
            JsonNode value = node.path(name);
            if (!value.isIntegralNumber() && !value.isString()) {
                throw faulty("needs \"%s\"".formatted(name));
            }
            return value.asString();
        }

        int positive(String name) {
            int value = node.path(name).asInt(0);
            if (value < 1) {
                throw faulty("needs \"%s\", at least 1".formatted(name));
            }
            return value;
        }

        LabelledBox box(Set<String> words) {
            double[] values = node.path("bbox")
                    .valueStream()
                    .mapToDouble(value -> value.asDouble(Double.NaN))
                    .toArray();
            if (values.length != BOX_VALUES || !(values[2] >= 0 && values[3] >= 0)) {
                throw faulty("needs \"bbox\": x, y, width and height, in pixels");
            }
            return new LabelledBox(words, values[0], values[1], values[2], values[3]);
        }

        UncheckedIOException faulty(String what) {
            return new UncheckedIOException(new UnusableFileException(
                    "%s, %s[%d] %s; name instance annotations as COCO's".formatted(file, array, number - 1, what)));
        }
    }
}
