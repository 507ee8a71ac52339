package io.captioner.training.graph;

import io.captioner.training.weights.Precision;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Assign;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * A second session of a training graph, in float32 while the first trains in bfloat16: what it decodes is what the
 * exported bundle will decode. Weights are copied from the first when they have changed.
 */
final class DecodingSession implements AutoCloseable {
    private final List<Variable<TFloat32>> variables;
    private final List<Placeholder<TFloat32>> values = new ArrayList<>();
    private final List<Op> assignments = new ArrayList<>();
    private final Session session;
    private boolean stale = true;

    /** Adds to the graph what copies these variables; sessions that run it must be started later. */
    DecodingSession(Graph graph, Ops tf, List<Variable<TFloat32>> variables) {
        this.variables = List.copyOf(variables);
        for (Variable<TFloat32> variable : variables) {
            Placeholder<TFloat32> value = tf.placeholder(TFloat32.class, Placeholder.shape(variable.shape()));
            Assign<TFloat32> assignment = tf.assign(variable, value);
            values.add(value);
            assignments.add(assignment);
        }
        this.session = new Session(graph, Precision.FLOAT32.session());
    }

    /** Marks the copies as out of date. */
    void weightsChanged() {
        stale = true;
    }

    /** Returns the session, its weights those of the other one. */
    Session withWeightsOf(Session training) {
        if (stale) {
            Session.Runner reader = training.runner();
            variables.forEach(reader::fetch);
            try (Result read = reader.run()) {
                Session.Runner writer = session.runner();
                for (int i = 0; i < assignments.size(); i++) {
                    writer.feed(values.get(i), read.get(i)).addTarget(assignments.get(i));
                }
                writer.run().close();
            }
            stale = false;
        }
        return session;
    }

    @Override
    public void close() {
        session.close();
    }
}
