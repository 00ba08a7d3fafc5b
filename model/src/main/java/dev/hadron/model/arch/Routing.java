package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Which tokens of a window each expert gets, and with which weight. */
final class Routing {
    private final TensorRuntime runtime;
    private final DeviceTensor weights;
    private final int perToken;
    /** For each expert, the rows of {@code weights} that are its own, in the order of the tokens. */
    private final List<long[]> rows;

    private Routing(TensorRuntime runtime, DeviceTensor weights, int perToken, List<long[]> rows) {
        this.runtime = runtime;
        this.weights = weights;
        this.perToken = perToken;
        this.rows = rows;
    }

    /**
     * The routing of a window of {@code n} tokens.
     *
     * @param numbers the experts of each token, {@code [n * perToken, 1]}
     * @param weights theirs, {@code [n * perToken, 1]}
     * @param count how many experts there are
     */
    static Routing of(TensorRuntime runtime, DeviceTensor numbers, DeviceTensor weights, int count, int perToken) {
        List<LongStream.Builder> rows =
                Stream.generate(LongStream::builder).limit(count).toList();
        runtime.read(numbers, host -> {
            for (long row = 0; row < host.elements(); row++) {
                rows.get((int) host.data().getAtIndex(Tensor.FLOAT, row)).add(row);
            }
        });
        return new Routing(
                runtime,
                weights,
                perToken,
                rows.stream().map(own -> own.build().toArray()).toList());
    }

    /** The experts that have tokens. */
    List<Integer> busy() {
        return IntStream.range(0, rows.size())
                .filter(expert -> rows.get(expert).length > 0)
                .boxed()
                .toList();
    }

    /** How many tokens the window has. */
    long windowLength() {
        return weights.shape()[0] / perToken;
    }

    /** The indices of an expert's tokens. */
    DeviceTensor tokens(int expert) {
        return runtime.indices(
                Arrays.stream(rows.get(expert)).map(row -> row / perToken).toArray());
    }

    /** Its weight for each of them, {@code [tokens, 1]}. */
    DeviceTensor weights(int expert) {
        return runtime.embed(weights, runtime.indices(rows.get(expert)));
    }

    /** Its rows of what lies expert by expert, {@code [tokens, width]}. */
    DeviceTensor rowsOf(int expert, DeviceTensor x) {
        long first =
                rows.subList(0, expert).stream().mapToLong(own -> own.length).sum();
        return runtime.block(x, first, rows.get(expert).length, 0, x.shape()[1]);
    }
}
