package io.captioner.training.checkpoints;

import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/**
 * How one of the program's weights follows from tensors of a checkpoint, as one line of a name map says it:
 *
 * <pre>{@code  TERM [ + TERM ]…     the sum     or     TERM [ ; TERM ]…    the rows of all, one below the other
 *  TERM = NAME [ or NAME ]… [ | OPERATION ]…     or     constant X}</pre>
 *
 * <p>Operations: {@code transpose}, {@code transpose 2 3 1 0}, {@code rows FROM TO} (below 0 from the end, {@code end}
 * is behind the last), {@code gates ifgo} (the order in which an LSTM's gates are in the last axis, {@code g} or
 * {@code j} the candidate), {@code forget X} (added to the bias of the forget gate), {@code plus X}, {@code words [X]}
 * and {@code word-columns [X]} (rows or columns into the order of the bundle's vocabulary, X in those of ids that the
 * checkpoint has not).
 */
final class Rule {
    private static final String OUR_GATES = "ifog";

    private final List<Term> terms;
    private final boolean sum;

    /** One tensor and what is done to it; a constant if it has no names. */
    private record Term(List<String> names, List<List<String>> operations, float constant) {}

    private Rule(List<Term> terms, boolean sum) {
        this.terms = terms;
        this.sum = sum;
    }

    /** @throws IllegalArgumentException if it is no rule */
    static Rule parse(String text) {
        boolean sum = !text.contains(" ; ");
        List<Term> terms = new ArrayList<>();
        for (String term : text.split(sum ? " \\+ " : " ; ")) {
            List<String> parts =
                    Arrays.stream(term.split("\\|")).map(String::strip).toList();
            List<List<String>> operations = new ArrayList<>();
            for (String operation : parts.subList(1, parts.size())) {
                operations.add(List.of(operation.split("\\s+")));
            }
            String[] first = parts.get(0).split("\\s+");
            terms.add(
                    first[0].equals("constant")
                            ? new Term(List.of(), operations, Float.parseFloat(first[1]))
                            : new Term(List.of(parts.get(0).split("\\s+or\\s+")), operations, 0));
        }
        return new Rule(terms, sum);
    }

    /** Returns the rule of a weight that is a tensor as it is, or a convolution's kernel of PyTorch. */
    static Rule of(String name, boolean isPyTorchKernel) {
        List<List<String>> operations = isPyTorchKernel ? List.of(List.of("transpose", "2", "3", "1", "0")) : List.of();
        return new Rule(List.of(new Term(List.of(name), operations, 0)), true);
    }

    /** Returns the tensors that it takes; of a term with several names the one that there is, or else the first. */
    Set<String> needs(Map<String, Shape> tensors) {
        Set<String> names = new LinkedHashSet<>();
        for (Term term : terms) {
            if (!term.names().isEmpty()) {
                names.add(name(term, tensors));
            }
        }
        return names;
    }

    private static String name(Term term, Map<String, Shape> tensors) {
        return term.names().stream()
                .filter(tensors::containsKey)
                .findFirst()
                .orElse(term.names().get(0));
    }

    /**
     * Returns the weight.
     *
     * @param expected its shape; null if it is not known yet
     * @param words the order of the vocabulary; null while it is not known
     * @throws IllegalArgumentException if an operation does not fit the tensor; says which
     */
    WeightValues evaluate(Checkpoint checkpoint, @Nullable Shape expected, @Nullable WordOrder words)
            throws IOException {
        @Nullable WeightValues whole = null;
        for (Term term : terms) {
            WeightValues value = evaluate(checkpoint, term, expected, words);
            whole = whole == null ? value : sum ? sum(whole, value) : joined(whole, value);
        }
        if (whole == null) {
            throw new IllegalArgumentException("the rule is empty");
        }
        return whole;
    }

    private static WeightValues evaluate(
            Checkpoint checkpoint, Term term, @Nullable Shape expected, @Nullable WordOrder words) throws IOException {
        if (term.names().isEmpty()) {
            if (expected == null) {
                throw new IllegalArgumentException("a constant has no shape of its own");
            }
            float[] constant = new float[(int) expected.size()];
            Arrays.fill(constant, term.constant());
            return new WeightValues(expected, constant);
        }
        String name = name(term, checkpoint.tensors());
        Shape shape = checkpoint.tensors().get(name);
        if (shape == null || shape.size() > Checkpoint.LARGEST) {
            throw new IllegalArgumentException(shape == null ? "it is missing" : "it is too large: " + shape);
        }
        WeightValues value = checkpoint.read(name);
        for (List<String> operation : term.operations()) {
            try {
                value = apply(value, operation, words);
            } catch (IndexOutOfBoundsException | ArithmeticException e) {
                throw new IllegalArgumentException(
                        "'%s' does not fit %s of shape %s".formatted(String.join(" ", operation), name, value.shape()),
                        e);
            }
        }
        return value;
    }

    private static WeightValues apply(WeightValues value, List<String> operation, @Nullable WordOrder words) {
        int rank = value.shape().numDimensions();
        return switch (operation.get(0)) {
            case "transpose" -> Tensors.transposed(value, axes(operation, rank));
            case "rows" -> rows(value, row(value, operation.get(1)), row(value, operation.get(2)));
            case "gates" -> gates(value, operation.get(1).replace('j', 'g'));
            case "forget" -> plus(value, Float.parseFloat(operation.get(1)), true);
            case "plus" -> plus(value, Float.parseFloat(operation.get(1)), false);
            case "words" -> words == null ? value : words.rows(value, fill(operation));
            case "word-columns" -> words == null ? value : words.columns(value, fill(operation));
            default -> throw new IllegalArgumentException("there is no operation '%s'".formatted(operation.get(0)));
        };
    }

    private static float fill(List<String> operation) {
        return operation.size() > 1 ? Float.parseFloat(operation.get(1)) : 0;
    }

    private static int[] axes(List<String> operation, int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, axis -> rank - 1 - axis);
        if (operation.size() > 1) {
            axes = operation.subList(1, operation.size()).stream()
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }
        if (!Arrays.equals(
                Arrays.stream(axes).sorted().toArray(), IntStream.range(0, rank).toArray())) {
            throw new IllegalArgumentException("'%s' does not name the %d axes".formatted(operation, rank));
        }
        return axes;
    }

    /** Returns the row that a number means: a negative one counts from the end, {@code end} is the row behind all. */
    private static int row(WeightValues value, String text) {
        int rows = Math.toIntExact(value.shape().get(0));
        int row = text.equals("end") ? rows : Integer.parseInt(text);
        return row < 0 ? rows + row : row;
    }

    private static WeightValues rows(WeightValues value, int from, int to) {
        long[] sizes = value.shape().asArray();
        if (sizes.length == 0 || from < 0 || from >= to || to > sizes[0]) {
            throw new IllegalArgumentException("rows %d to %d of shape %s".formatted(from, to, value.shape()));
        }
        int width = (int) (value.shape().size() / sizes[0]);
        sizes[0] = to - from;
        return new WeightValues(Shape.of(sizes), Arrays.copyOfRange(value.values(), from * width, to * width));
    }

    private static WeightValues gates(WeightValues value, String theirs) {
        long last = value.shape().get(value.shape().numDimensions() - 1);
        if (last % OUR_GATES.length() != 0 || theirs.length() != OUR_GATES.length()) {
            throw new IllegalArgumentException("%s has no four gates in its last axis".formatted(value.shape()));
        }
        int width = (int) last / OUR_GATES.length();
        float[] ordered = new float[value.values().length];
        for (int at = 0; at < ordered.length; at += width) {
            int gate = theirs.indexOf(OUR_GATES.charAt(at / width % OUR_GATES.length()));
            if (gate < 0) {
                throw new IllegalArgumentException("gates are named by i, f, g (or j) and o, not by " + theirs);
            }
            int row = at - at % (int) last;
            System.arraycopy(value.values(), row + gate * width, ordered, at, width);
        }
        return new WeightValues(value.shape(), ordered);
    }

    private static WeightValues plus(WeightValues value, float added, boolean forgetGateOnly) {
        float[] sum = value.values().clone();
        int from = forgetGateOnly ? sum.length / OUR_GATES.length() : 0;
        int to = forgetGateOnly ? 2 * from : sum.length;
        for (int i = from; i < to; i++) {
            sum[i] += added;
        }
        return new WeightValues(value.shape(), sum);
    }

    private static WeightValues sum(WeightValues one, WeightValues other) {
        if (!one.shape().equals(other.shape())) {
            throw new IllegalArgumentException("%s and %s have no sum".formatted(one.shape(), other.shape()));
        }
        float[] sum = one.values().clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.values()[i];
        }
        return new WeightValues(one.shape(), sum);
    }

    private static WeightValues joined(WeightValues above, WeightValues below) {
        long[] sizes = above.shape().asArray();
        long[] others = below.shape().asArray();
        if (sizes.length == 0
                || sizes.length != others.length
                || !Arrays.equals(sizes, 1, sizes.length, others, 1, others.length)) {
            throw new IllegalArgumentException(
                    "%s and %s have rows of two kinds".formatted(above.shape(), below.shape()));
        }
        sizes[0] += others[0];
        float[] all = Arrays.copyOf(above.values(), above.values().length + below.values().length);
        System.arraycopy(below.values(), 0, all, above.values().length, below.values().length);
        return new WeightValues(Shape.of(sizes), all);
    }
}
