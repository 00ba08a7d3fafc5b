package dev.hadron.model.runtime;

import dev.hadron.error.ConfigException;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tensor operations on one device, in float32. Every tensor belongs to the innermost open {@link Scope} of the thread that
 * makes it and is freed with it; until then any thread may use it. Several threads may run operations at once.
 */
public interface TensorRuntime extends AutoCloseable {
    /** Makes runtimes; implementations are found by {@link ServiceLoader}. */
    interface Provider {
        /** Whether this implementation knows a device of this name. */
        boolean supports(String device);

        /**
         * A runtime.
         *
         * @param device such as {@code cpu} or {@code cuda:0}
         * @throws ConfigException when this build or machine has no such device
         */
        TensorRuntime create(String device);
    }

    /** Frees the tensors that were made while it was open. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Loads the runtime of a device. Each operation runs on the thread that asks for it: callers that have several pieces of work do
     * them side by side, which needs no waiting between operations, and results don't depend on the number of threads.
     *
     * @throws ConfigException when there is none
     */
    static TensorRuntime load(String device) {
        return provider(device).create(device);
    }

    /**
     * Checks that a device's name is known, without loading anything for it; whether it is there, {@link #load} finds out.
     *
     * @throws ConfigException when it isn't
     */
    static void requireKnown(String device) {
        provider(device);
    }

    private static Provider provider(String device) {
        return ServiceLoader.load(Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.supports(device))
                .findFirst()
                .orElseThrow(() -> new ConfigException("no tensor runtime for the device \"" + device
                        + "\" is installed; hadron-runtime-torch brings cpu and, where it is built for it, cuda"));
    }

    /** The device's name. */
    String device();

    /** What runs underneath, with its version, for the recipe. */
    String description();

    /** Opens a scope; close it on the same thread, innermost first. */
    Scope scope();

    /** A copy of a float32 tensor on the device. */
    DeviceTensor upload(Tensor x);

    /** A new tensor: {@code writer} gets its elements in host memory, float32, and sets them all. */
    DeviceTensor filled(long[] shape, Consumer<Tensor> writer);

    /** Frees a tensor before its scope does. */
    void free(DeviceTensor x);

    /** Changes a tensor's elements in place, in host memory. */
    void update(DeviceTensor x, Consumer<Tensor> editor);

    /** Indices, as {@link #embed} takes them. */
    DeviceTensor indices(long[] values);

    /** Copies a tensor's elements into a float32 tensor of as many elements. */
    void download(DeviceTensor x, Tensor target);

    /**
     * Shows a tensor's elements in host memory, without a copy where the device shares it. The tensor that {@code reader} gets
     * is float32, must not be changed and not be kept.
     */
    void read(DeviceTensor x, Consumer<Tensor> reader);

    /** As {@link #read}, for several tensors at once. */
    default void readAll(List<DeviceTensor> all, Consumer<List<Tensor>> reader) {
        readRest(all, new ArrayList<>(), reader);
    }

    private void readRest(List<DeviceTensor> all, List<Tensor> shown, Consumer<List<Tensor>> reader) {
        if (shown.size() == all.size()) {
            reader.accept(shown);
            return;
        }
        read(all.get(shown.size()), x -> {
            shown.add(x);
            readRest(all, shown, reader);
        });
    }

    /** A new tensor: {@code editor} gets a copy of the elements in host memory and changes them in place. */
    DeviceTensor edit(DeviceTensor x, Consumer<Tensor> editor);

    /** A tensor of zeros. */
    DeviceTensor zeros(long... shape);

    /** A part of a matrix that shares its elements: changes of either are seen in both. */
    DeviceTensor block(DeviceTensor x, long row, long rows, long column, long columns);

    /** A matrix with rows and columns exchanged, which shares its elements. */
    DeviceTensor transpose(DeviceTensor x);

    /** Gives a tensor, which may be a {@link #block}, the elements of another of its shape. */
    void copy(DeviceTensor from, DeviceTensor to);

    /**
     * Adds {@code factor * a b} to a matrix, in place.
     *
     * @param target {@code [m, n]}, which may be a {@link #block}
     * @param a {@code [m, k]}
     * @param b {@code [k, n]}
     */
    void addProduct(DeviceTensor target, DeviceTensor a, DeviceTensor b, float factor);

    /** The lower triangular {@code l} with {@code l l^T = a}; empty when {@code a} isn't positive definite in float32. */
    Optional<DeviceTensor> cholesky(DeviceTensor a);

    /** {@code l^-1 b} for a lower triangular {@code l}. */
    DeviceTensor solveLower(DeviceTensor l, DeviceTensor b);

    /** Rows of a table: {@code [n]} indices of {@code [rows, width]} give {@code [n, width]}. */
    DeviceTensor embed(DeviceTensor table, DeviceTensor indices);

    /** {@code x W^T + b}: {@code [n, in]} by {@code [out, in]} gives {@code [n, out]}. */
    DeviceTensor linear(DeviceTensor x, DeviceTensor weight, @Nullable DeviceTensor bias);

    /** The sum of two tensors of one shape. */
    DeviceTensor add(DeviceTensor a, DeviceTensor b);

    /** Matrices of one width, below each other. */
    DeviceTensor concatenateRows(List<DeviceTensor> parts);

    /**
     * Rows that are added to some rows of a sum, each multiplied with a weight.
     *
     * @param indices which rows of the sum, each once, {@code [m]}
     * @param rows {@code [m, width]}
     * @param weights {@code [m, 1]}
     */
    record WeightedRows(DeviceTensor indices, DeviceTensor rows, DeviceTensor weights) {}

    /**
     * The sum of weighted rows, {@code [n, width]}, added up in their order; a row that none is added to is 0.
     *
     * @param parts at least one, all of the same width
     */
    DeviceTensor sumRows(long n, List<WeightedRows> parts);

    /**
     * The largest elements of each row, the largest first, row by row.
     *
     * @param columns where they stand, whole numbers in float32, {@code [n * count, 1]}
     * @param values {@code [n * count, 1]}
     */
    record Largest(DeviceTensor columns, DeviceTensor values) {}

    /**
     * The {@code count} largest elements of the softmax of each row.
     *
     * @param x {@code [n, width]}
     * @param normalized whether they are divided by their sum
     */
    Largest largestOfSoftmax(DeviceTensor x, int count, boolean normalized);

    /** The product, element by element, of two tensors of one shape. */
    DeviceTensor multiply(DeviceTensor a, DeviceTensor b);

    /** A function of each element. */
    DeviceTensor activate(DeviceTensor x, Activation activation);

    /** {@code x / sqrt(mean(x^2) + eps) * weight} along the last axis (Zhang and Sennrich 2019). */
    DeviceTensor rmsNorm(DeviceTensor x, DeviceTensor weight, float eps);

    /** {@code [n, heads * width]} as {@code [heads, n, width]}. */
    DeviceTensor splitHeads(DeviceTensor x, int heads);

    /** {@code [heads, n, width]} as {@code [n, heads * width]}. */
    DeviceTensor mergeHeads(DeviceTensor x);

    /**
     * Rotary position embedding (Su et al. 2021) with the two halves of a head as pairs: {@code x * cos + (-x2, x1) * sin}.
     *
     * @param x {@code [heads, n, width]}
     * @param cos {@code [n, width]}
     * @param sin {@code [n, width]}
     */
    DeviceTensor rotate(DeviceTensor x, DeviceTensor cos, DeviceTensor sin);

    /**
     * {@code softmax(q k^T / sqrt(width) + mask) v}; head {@code h} of the queries uses head {@code h / (heads / kvHeads)} of keys
     * and values.
     *
     * @param q {@code [heads, n, width]}
     * @param k {@code [kvHeads, n, width]}
     * @param v {@code [kvHeads, n, width]}
     * @param mask {@code [n, n]}, 0 where a query sees a key, −infinity elsewhere
     * @return {@code [heads, n, width]}
     */
    DeviceTensor attention(DeviceTensor q, DeviceTensor k, DeviceTensor v, DeviceTensor mask);

    /**
     * The negative log likelihood of the tokens of a window, each predicted from those before it, summed: row {@code i} of the
     * logits predicts token {@code i + 1}.
     *
     * @param logits {@code [n, vocabulary]}
     * @param tokens {@code n} of them
     */
    double negativeLogLikelihood(DeviceTensor logits, long[] tokens);

    @Override
    void close();
}
