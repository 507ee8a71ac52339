package io.captioner.training.weights.pytorch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a file by the names that PyTorch's {@code state_dict} gives them, whether it holds state_dicts, whole
 * modules, or dicts of them; what is neither, such as an optimiser, is left out.
 */
public final class StateDicts {
    private static final int DEEPEST = 64;
    private static final int MOST = 100_000;

    private final Map<String, TensorView> tensors = new LinkedHashMap<>();
    private int visited;

    private StateDicts() {}

    /**
     * Returns the tensors of an object; those of the value at a key of a dict are named {@code key.…}.
     *
     * @throws IllegalArgumentException if the object is nested beyond all measure
     */
    public static Map<String, TensorView> tensors(@Nullable Object root) {
        StateDicts found = new StateDicts();
        found.add("", root, 0);
        return found.tensors;
    }

    private void add(String name, @Nullable Object value, int depth) {
        if (depth > DEEPEST || ++visited > MOST) {
            throw new IllegalArgumentException(
                    "its modules are nested more than %d deep, or are more than %d".formatted(DEEPEST, MOST));
        }
        if (value instanceof TensorView tensor) {
            tensors.put(name, tensor);
        } else if (value instanceof Map<?, ?> map) {
            addAll(name, map, depth);
        } else if (value instanceof PythonObject object
                && object.state() instanceof Map<?, ?> state
                && state.get("_modules") instanceof Map<?, ?> children) {
            addAll(name, state.get("_parameters"), depth);
            addAll(name, state.get("_buffers"), depth);
            addAll(name, children, depth);
        }
    }

    private void addAll(String prefix, @Nullable Object entries, int depth) {
        if (entries instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key instanceof String name) {
                    add(prefix.isEmpty() ? name : prefix + "." + name, value, depth + 1);
                }
            });
        }
    }
}
