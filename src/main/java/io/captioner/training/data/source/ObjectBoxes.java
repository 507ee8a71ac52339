package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
     * Reads instance annotations as COCO has them: {@code images} with {@code id}, {@code file_name} (or LVIS's
     * {@code coco_url}, whose end is the name), {@code width} and {@code height}, {@code annotations} with
     * {@code image_id}, {@code category_id} and {@code bbox}, and {@code categories} with {@code id} and {@code name}.
     * The words for an object are the name of its category and, where there are any as in LVIS, {@code synonyms}, in
     * lower case.
     *
     * @return the objects by the file name of their photo
     * @throws UnusableFileException if it is damaged or holds something else
     */
    public static Map<String, ObjectBoxes> read(Path file) throws IOException {
        Map<String, ObjectBoxes> byName = new HashMap<>();
        TextFiles.read(file, () -> {
            Map<String, ObjectBoxes> byId = new HashMap<>();
            Map<String, Set<String>> words = new HashMap<>();
            List<Annotation> annotations = new ArrayList<>(); // in some files before the images
            JsonArrays.forEach(
                    file,
                    Element.REMEDY,
                    Map.of(
                            "images",
                            (number, node) -> {
                                Element image = new Element(file, "images", number, node);
                                ObjectBoxes boxes = new ObjectBoxes(
                                        image.positive("width"), image.positive("height"), new ArrayList<>());
                                if (byId.put(image.text("id"), boxes) != null
                                        || byName.put(image.fileName(), boxes) != null) {
                                    throw image.faulty("has the id or the file name of another image");
                                }
                                return true;
                            },
                            "annotations",
                            (number, node) ->
                                    annotations.add(Annotation.of(new Element(file, "annotations", number, node))),
                            "categories",
                            (number, node) -> {
                                Element category = new Element(file, "categories", number, node);
                                words.put(category.text("id"), category.words());
                                return true;
                            }));
            if (byName.isEmpty()) {
                throw new UnusableFileException("%s has no images; %s".formatted(file, Element.REMEDY));
            }
            for (int i = 0; i < annotations.size(); i++) {
                Annotation object = annotations.get(i);
                ObjectBoxes photo = byId.get(object.image);
                Set<String> names = words.get(object.category);
                if (photo == null || names == null) {
                    throw new UnusableFileException(
                            "%s, annotations[%d] is of image %s and category %s, and the file does not have both; %s"
                                    .formatted(file, i, object.image, object.category, Element.REMEDY));
                }
                photo.objects.add(new LabelledBox(names, object.x, object.y, object.width, object.height));
            }
        });
        return byName;
    }

    /** An object before image and category are known. */
    private record Annotation(String image, String category, double x, double y, double width, double height) {
        static Annotation of(Element element) {
            double[] box = element.box();
            return new Annotation(
                    element.text("image_id"), element.text("category_id"), box[0], box[1], box[2], box[3]);
        }
    }

    /** One element of an array of the file, counted from 1. */
    private record Element(Path file, String array, int number, JsonNode node) {
        static final String REMEDY = "name instance annotations as COCO's";

        String text(String name) {
            JsonNode value = node.path(name);
            if (!value.isIntegralNumber() && !value.isString()) {
                throw faulty("needs \"%s\", a text or a whole number".formatted(name));
            }
            return value.asString();
        }

        int positive(String name) {
            int value = node.path(name).asInt(0);
            if (value < 1) {
                throw faulty("needs \"%s\", a whole number from 1 to %d".formatted(name, Integer.MAX_VALUE));
            }
            return value;
        }

        String fileName() {
            String url = node.path("coco_url").asString("");
            return node.has("file_name") || url.isEmpty() ? text("file_name") : url.substring(url.lastIndexOf('/') + 1);
        }

        Set<String> words() {
            Set<String> words = new HashSet<>(Set.of(text("name").toLowerCase(Locale.ROOT)));
            JsonNode synonyms = node.path("synonyms");
            if (node.has("synonyms")
                    && !(synonyms.isArray() && synonyms.valueStream().allMatch(JsonNode::isString))) {
                throw faulty("needs an array of texts as \"synonyms\"");
            }
            synonyms.forEach(synonym -> words.add(synonym.asString().toLowerCase(Locale.ROOT)));
            return words;
        }

        double[] box() {
            JsonNode box = node.path("bbox");
            double[] values = box.valueStream()
                    .mapToDouble(value -> value.isNumber() ? value.asDouble() : Double.NaN)
                    .filter(Double::isFinite)
                    .toArray();
            if (box.size() != BOX_VALUES || values.length != BOX_VALUES || values[2] < 0 || values[3] < 0) {
                throw faulty("needs \"bbox\": x, y, width and height, in pixels");
            }
            return values;
        }

        UncheckedIOException faulty(String what) {
            return new UncheckedIOException(
                    new UnusableFileException("%s, %s[%d] %s; %s".formatted(file, array, number - 1, what, REMEDY)));
        }
    }
}
