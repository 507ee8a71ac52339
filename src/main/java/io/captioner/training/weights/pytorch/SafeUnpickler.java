package io.captioner.training.weights.pytorch;

import io.captioner.training.weights.pytorch.TensorView.Storage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * An unpickler that executes nothing: classes and functions that are not in its own table become inert
 * {@link PythonObject}s. Counts, sizes and depth are limited before memory is taken. Dicts become maps in their order,
 * tuples arrays, tensors {@link TensorView}s. For one pickle.
 */
final class SafeUnpickler extends Unpickler {
    private static final int MOST_OPERATIONS = 4_000_000;
    private static final int LONGEST_LINE = 1 << 20;
    private static final int LONGEST_NUMBER = 128;
    private static final int MOST_BYTES = 64 << 20;

    private final Map<String, Callable> callables = new HashMap<>();
    private final Map<String, Storage> storages = new LinkedHashMap<>();
    private int operations;
    private long bytes;

    /** Returns the whole storages that the pickle named, by their keys. */
    Map<String, Storage> storages() {
        return storages;
    }

    /** A class or function by its name; what it gives is decided here, never by the file. */
    record Callable(String name, Function function) implements IObjectConstructor {
        @Override
        public @Nullable Object construct(Object[] arguments) {
            try {
                return function.apply(arguments);
            } catch (ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
                throw new PickleException(
                        "%s is called with arguments that it does not take: %s".formatted(name, e.getMessage()));
            }
        }
    }

    /** What a call gives. */
    @FunctionalInterface
    interface Function {
        @Nullable Object apply(Object[] arguments);
    }

    @Override
    protected Object dispatch(short key) throws IOException {
        if (++operations > MOST_OPERATIONS) {
            throw new PickleException("it has more than %d operations".formatted(MOST_OPERATIONS));
        }
        switch (key) {
            case Opcodes.GLOBAL -> stack.add(callable(line(LONGEST_LINE), line(LONGEST_LINE)));
            case Opcodes.STACK_GLOBAL -> {
                Object name = stack.pop();
                stack.add(callable(text(stack.pop()), text(name)));
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object arguments = stack.pop();
                stack.add(call(stack.pop(), arguments));
            }
            case Opcodes.BUILD -> build(stack.pop());
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.DICT -> {
                Map<Object, Object> dict = new LinkedHashMap<>();
                put(dict, stack.pop_all_since_marker());
                stack.add(dict);
            }
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object name = stack.pop();
                List<@Nullable Object> pair = new ArrayList<>();
                pair.add(name);
                pair.add(value);
                put(stack.peek(), pair);
            }
            case Opcodes.SETITEMS -> {
                List<Object> items = stack.pop_all_since_marker();
                put(stack.peek(), items);
            }
            case Opcodes.INT, Opcodes.LONG, Opcodes.FLOAT, Opcodes.GET, Opcodes.PUT ->
                withArgument(key, terminated(line(LONGEST_NUMBER)));
            case Opcodes.STRING, Opcodes.UNICODE, Opcodes.PERSID -> withArgument(key, terminated(line(LONGEST_LINE)));
            case Opcodes.BINUNICODE, Opcodes.BINSTRING, Opcodes.BINBYTES, Opcodes.LONG4 -> {
                byte[] length = exactly(4);
                long size = length[0] & 0xffL
                        | (length[1] & 0xffL) << 8
                        | (length[2] & 0xffL) << 16
                        | (length[3] & 0xffL) << 24;
                long most = key == Opcodes.LONG4 ? LONGEST_NUMBER : LONGEST_LINE;
                if (size > most) {
                    throw new PickleException("a value of %d bytes is longer than %d".formatted(size, most));
                }
                withArgument(key, length, exactly((int) size));
            }
            case Opcodes.PROTO,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.POP,
                    Opcodes.POP_MARK,
                    Opcodes.DUP,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1,
                    Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINSTRING,
                    Opcodes.SHORT_BINUNICODE,
                    Opcodes.SHORT_BINBYTES,
                    Opcodes.TUPLE,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.EMPTY_LIST,
                    Opcodes.LIST,
                    Opcodes.APPEND,
                    Opcodes.APPENDS,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE,
                    Opcodes.FRAME,
                    Opcodes.BINPERSID -> {
                return super.dispatch(key);
            }
            default -> throw new PickleException("operation 0x%02x is in no checkpoint".formatted(key));
        }
        return NO_RETURN_VALUE;
    }

    /** Has the library read an operation's argument, whose length was checked. */
    private void withArgument(short key, byte[]... argument) throws IOException {
        InputStream rest = input;
        try {
            input = argument.length == 1
                    ? new ByteArrayInputStream(argument[0])
                    : new SequenceInputStream(
                            new ByteArrayInputStream(argument[0]), new ByteArrayInputStream(argument[1]));
            super.dispatch(key);
        } finally {
            input = rest;
        }
    }

    private static byte[] terminated(String line) {
        return (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private String line(int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("it ends within a line");
            }
            if (line.size() >= most) {
                throw new PickleException("a line is longer than %d bytes".formatted(most));
            }
            line.write(next);
        }
        take(line.size());
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private byte[] exactly(int count) throws IOException {
        take(count);
        byte[] read = input.readNBytes(count);
        if (read.length < count) {
            throw new EOFException("it ends within a value of %d bytes".formatted(count));
        }
        return read;
    }

    private void take(int count) {
        bytes += count;
        if (bytes > MOST_BYTES) {
            throw new PickleException("its texts have more than %d bytes".formatted(MOST_BYTES));
        }
    }

    private static @Nullable Object call(@Nullable Object function, @Nullable Object arguments) {
        if (!(function instanceof Callable callable) || !(arguments instanceof Object[] array)) {
            throw new PickleException("%s is called, which is no class".formatted(typeOf(function)));
        }
        return callable.construct(array);
    }

    private void build(@Nullable Object state) {
        Object target = stack.peek();
        if (target instanceof PythonObject object) {
            object.setState(state);
        } else if (!(target instanceof Map)) { // an OrderedDict's own attributes, such as _metadata, are not needed
            throw new PickleException("%s is given a state".formatted(typeOf(target)));
        }
    }

    private static void put(@Nullable Object target, List<?> items) {
        if (items.size() % 2 != 0) {
            throw new PickleException("a dict has a key without a value");
        }
        if (target instanceof PythonObject) {
            return; // the items of a dict's subclass that is not known here
        }
        if (!(target instanceof Map<?, ?>)) {
            throw new PickleException("%s is given items".formatted(typeOf(target)));
        }
        @SuppressWarnings("unchecked") // only this class makes maps
        Map<Object, @Nullable Object> dict = (Map<Object, @Nullable Object>) target;
        for (int i = 0; i < items.size(); i += 2) {
            dict.put(key(items.get(i)), items.get(i + 1));
        }
    }

    /** Lists and dicts are no keys in Python either; here their hashes could take for ever. */
    private static Object key(@Nullable Object key) {
        if (key == null || key instanceof List || key instanceof Map || key instanceof byte[]) {
            throw new PickleException("%s is a key".formatted(typeOf(key)));
        }
        return key;
    }

    private Callable callable(String module, String name) {
        return callables.computeIfAbsent(module + "." + name, SafeUnpickler::callable);
    }

    private static Callable callable(String name) {
        return new Callable(
                name,
                switch (name) {
                    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> SafeUnpickler::tensor;
                    case "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter" -> arguments -> arguments[0];
                    case "collections.OrderedDict" -> SafeUnpickler::ordered;
                    case "collections.defaultdict", "__builtin__.dict", "builtins.dict" ->
                        arguments -> new LinkedHashMap<>();
                    case "copy_reg._reconstructor", "copyreg._reconstructor" ->
                        arguments -> new PythonObject(((Callable) arguments[0]).name());
                    default -> arguments -> new PythonObject(name);
                });
    }

    private static Object tensor(Object[] arguments) {
        return new TensorView(
                (Storage) arguments[0], ((Number) arguments[1]).longValue(), longs(arguments[2]), longs(arguments[3]));
    }

    private static List<Long> longs(Object tuple) {
        List<Long> longs = new ArrayList<>();
        for (Object element : (Object[]) tuple) {
            longs.add(((Number) element).longValue());
        }
        return longs;
    }

    /** An OrderedDict, empty or of a list of pairs as Python 2 wrote it. */
    private static Object ordered(Object[] arguments) {
        Map<Object, Object> dict = new LinkedHashMap<>();
        if (arguments.length > 0) {
            for (Object pair : (List<?>) arguments[0]) {
                put(dict, pair instanceof Object[] tuple ? List.of(tuple) : (List<?>) pair);
            }
        }
        return dict;
    }

    @Override
    protected @Nullable Object persistentLoad(Object id) {
        Object[] parts = id instanceof Object[] tuple ? tuple : new Object[0];
        if (parts.length >= 2 && "module".equals(parts[0]) && parts[1] instanceof Callable) {
            return parts[1];
        }
        if (parts.length >= 5
                && "storage".equals(parts[0])
                && parts[1] instanceof Callable type
                && parts[4] instanceof Number count) {
            return storage(type.name(), parts, count.longValue());
        }
        throw new PickleException("it names something outside of it that is neither a storage nor a module");
    }

    private Storage storage(String name, Object[] parts, long count) {
        ElementType type =
                ElementType.of(name).orElseThrow(() -> new PickleException("a storage is of type %s".formatted(name)));
        if (count < 0) {
            throw new PickleException("a storage has %d elements".formatted(count));
        }
        Storage whole = new Storage(text(parts[2]), type, 0, count);
        Storage known = storages.putIfAbsent(whole.key(), whole);
        if (known != null && !known.equals(whole)) {
            throw new PickleException("storage %s has two sizes".formatted(whole.key()));
        }
        if (parts.length > 5 && parts[5] instanceof Object[] view && view.length == 3) {
            long start = ((Number) view[1]).longValue();
            long size = ((Number) view[2]).longValue();
            if (start < 0 || size < 0 || start > count - size) {
                throw new PickleException(
                        "a view of %d elements from %d on does not fit a storage of %d".formatted(size, start, count));
            }
            return new Storage(whole.key(), type, start, size);
        }
        return whole;
    }

    /** Only texts are names: writing a list that holds itself would never end. */
    private static String text(@Nullable Object name) {
        if (name instanceof String text) {
            return text;
        }
        throw new PickleException("%s is a name".formatted(typeOf(name)));
    }

    private static String typeOf(@Nullable Object object) {
        return object == null ? "None" : object.getClass().getSimpleName();
    }
}
