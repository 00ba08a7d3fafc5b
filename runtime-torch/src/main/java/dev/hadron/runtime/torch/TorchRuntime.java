package dev.hadron.runtime.torch;

import dev.hadron.dtype.StorageType;
import dev.hadron.model.runtime.Activation;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Tensor operations of libtorch in float32. */
final class TorchRuntime implements TensorRuntime {
    private final String name;
    private final boolean sharesHostMemory;
    private final PointerScope scope;
    private final Device device;

    TorchRuntime(String device) {
        this.name = device;
        this.sharesHostMemory = device.equals("cpu");
        // libtorch's threads and those of its linear algebra wait for each other by spinning, which costs more than
        // they
        // bring unless matrices are large; several windows side by side keep all processors busy without waiting.
        torch.set_num_threads(1);
        openblas.blas_set_num_threads(1);
        this.scope = new PointerScope();
        this.device = new Device(device);
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public String description() {
        try {
            return "libtorch " + Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            throw new UncheckedIOException("the bindings of libtorch have no version", e);
        }
    }

    @Override
    public Scope scope() {
        PointerScope opened = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        return () -> {
            noGradients.close();
            opened.close();
        };
    }

    @Override
    public DeviceTensor upload(Tensor x) {
        requireFloats(x);
        org.bytedeco.pytorch.Tensor view = viewOf(x);
        // Always a copy: the caller's memory may go before the tensor does.
        return made(sharesHostMemory ? view.clone() : onDevice(view));
    }

    @Override
    public DeviceTensor filled(long[] shape, Consumer<Tensor> writer) {
        org.bytedeco.pytorch.Tensor host = torch.empty(shape);
        writer.accept(hostView(host));
        return made(sharesHostMemory ? host : onDevice(host));
    }

    @Override
    public void free(DeviceTensor x) {
        TorchTensor.of(x).close();
    }

    @Override
    public void update(DeviceTensor x, Consumer<Tensor> editor) {
        org.bytedeco.pytorch.Tensor elements = TorchTensor.of(x);
        try (PointerScope unused = new PointerScope()) {
            org.bytedeco.pytorch.Tensor host = elements.cpu().contiguous();
            editor.accept(hostView(host));
            if (!host.is_same(elements)) {
                elements.copy_(host);
            }
        }
    }

    @Override
    public DeviceTensor indices(long[] values) {
        LongPointer host = new LongPointer(values);
        org.bytedeco.pytorch.Tensor view =
                torch.from_blob(host, new long[] {values.length}, torch.dtype(torch.ScalarType.Long));
        return made(sharesHostMemory ? view.clone() : onDevice(view));
    }

    @Override
    public void download(DeviceTensor x, Tensor target) {
        read(
                x,
                source -> MemorySegment.copy(
                        source.data(), 0, target.data(), 0, target.data().byteSize()));
    }

    @Override
    public void read(DeviceTensor x, Consumer<Tensor> reader) {
        try (PointerScope unused = new PointerScope()) {
            reader.accept(hostView(TorchTensor.of(x).cpu().contiguous()));
        }
    }

    @Override
    public DeviceTensor edit(DeviceTensor x, Consumer<Tensor> editor) {
        org.bytedeco.pytorch.Tensor copy = TorchTensor.of(x).cpu().contiguous().clone();
        editor.accept(hostView(copy));
        return made(sharesHostMemory ? copy : onDevice(copy));
    }

    @Override
    public DeviceTensor zeros(long... shape) {
        return made(onDevice(torch.zeros(shape)));
    }

    @Override
    public DeviceTensor block(DeviceTensor x, long row, long rows, long column, long columns) {
        return made(TorchTensor.of(x).narrow(0, row, rows).narrow(1, column, columns));
    }

    @Override
    public DeviceTensor transpose(DeviceTensor x) {
        return made(TorchTensor.of(x).t());
    }

    @Override
    public void copy(DeviceTensor from, DeviceTensor to) {
        TorchTensor.of(to).copy_(TorchTensor.of(from));
    }

    @Override
    public void addProduct(DeviceTensor target, DeviceTensor a, DeviceTensor b, float factor) {
        try (PointerScope unused = new PointerScope()) {
            TorchTensor.of(target).addmm_(TorchTensor.of(a), TorchTensor.of(b), new Scalar(1f), new Scalar(factor));
        }
    }

    @Override
    public Optional<DeviceTensor> cholesky(DeviceTensor a) {
        T_TensorTensor_T factored = torch.linalg_cholesky_ex(TorchTensor.of(a));
        return factored.get1().item_int() == 0 ? Optional.of(made(factored.get0())) : Optional.empty();
    }

    @Override
    public DeviceTensor solveLower(DeviceTensor l, DeviceTensor b) {
        return made(torch.linalg_solve_triangular(TorchTensor.of(l), TorchTensor.of(b), false));
    }

    @Override
    public DeviceTensor embed(DeviceTensor table, DeviceTensor indices) {
        return made(torch.embedding(TorchTensor.of(table), TorchTensor.of(indices)));
    }

    @Override
    public DeviceTensor linear(DeviceTensor x, DeviceTensor weight, @Nullable DeviceTensor bias) {
        return made(
                bias == null
                        ? torch.linear(TorchTensor.of(x), TorchTensor.of(weight))
                        : torch.linear(
                                TorchTensor.of(x), TorchTensor.of(weight), new TensorOptional(TorchTensor.of(bias))));
    }

    @Override
    public DeviceTensor add(DeviceTensor a, DeviceTensor b) {
        return made(TorchTensor.of(a).add(TorchTensor.of(b)));
    }

    @Override
    public DeviceTensor concatenateRows(List<DeviceTensor> parts) {
        org.bytedeco.pytorch.Tensor[] tensors =
                parts.stream().map(TorchTensor::of).toArray(org.bytedeco.pytorch.Tensor[]::new);
        return made(torch.cat(new org.bytedeco.pytorch.TensorVector(tensors), 0));
    }

    @Override
    public DeviceTensor sumRows(long n, List<WeightedRows> parts) {
        org.bytedeco.pytorch.Tensor first = TorchTensor.of(parts.getFirst().rows());
        org.bytedeco.pytorch.Tensor sum = first.new_zeros(n, first.size(1));
        for (WeightedRows part : parts) {
            try (PointerScope unused = new PointerScope()) {
                org.bytedeco.pytorch.Tensor weighted =
                        TorchTensor.of(part.rows()).mul(TorchTensor.of(part.weights()));
                sum.index_add_(0, TorchTensor.of(part.indices()), weighted);
            }
        }
        return made(sum);
    }

    @Override
    public Largest largestOfSoftmax(DeviceTensor x, int count, boolean normalized) {
        T_TensorTensor_T largest = torch.topk(torch.softmax(TorchTensor.of(x), 1), count, 1, true, true);
        org.bytedeco.pytorch.Tensor values = largest.get0();
        if (normalized) {
            values = values.div(values.sum(new long[] {1}, true, new ScalarTypeOptional()));
        }
        org.bytedeco.pytorch.Tensor columns = largest.get1().to(torch.ScalarType.Float);
        return new Largest(made(columns.reshape(-1, 1)), made(values.reshape(-1, 1)));
    }

    @Override
    public DeviceTensor multiply(DeviceTensor a, DeviceTensor b) {
        return made(TorchTensor.of(a).mul(TorchTensor.of(b)));
    }

    @Override
    public DeviceTensor activate(DeviceTensor x, Activation activation) {
        org.bytedeco.pytorch.Tensor input = TorchTensor.of(x);
        return made(
                switch (activation) {
                    case SILU -> torch.silu(input);
                    case GELU -> torch.gelu(input);
                    case GELU_TANH -> torch.gelu(input, "tanh");
                    case RELU -> torch.relu(input);
                });
    }

    @Override
    public DeviceTensor rmsNorm(DeviceTensor x, DeviceTensor weight, float eps) {
        org.bytedeco.pytorch.Tensor input = TorchTensor.of(x);
        org.bytedeco.pytorch.Tensor meanSquare = input.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
        org.bytedeco.pytorch.Tensor normed =
                input.mul(meanSquare.add(new Scalar(eps)).rsqrt());
        return made(TorchTensor.of(weight).mul(normed));
    }

    @Override
    public DeviceTensor splitHeads(DeviceTensor x, int heads) {
        org.bytedeco.pytorch.Tensor input = TorchTensor.of(x);
        long[] shape = x.shape();
        return made(input.reshape(shape[0], heads, shape[1] / heads).transpose(0, 1));
    }

    @Override
    public DeviceTensor mergeHeads(DeviceTensor x) {
        long[] shape = x.shape();
        return made(TorchTensor.of(x).transpose(0, 1).reshape(shape[1], shape[0] * shape[2]));
    }

    @Override
    public DeviceTensor rotate(DeviceTensor x, DeviceTensor cos, DeviceTensor sin) {
        org.bytedeco.pytorch.Tensor input = TorchTensor.of(x);
        long half = x.shape()[2] / 2;
        org.bytedeco.pytorch.Tensor turned = torch.cat(
                new org.bytedeco.pytorch.TensorVector(
                        input.narrow(2, half, half).neg(), input.narrow(2, 0, half)),
                -1);
        return made(input.mul(TorchTensor.of(cos)).add(turned.mul(TorchTensor.of(sin))));
    }

    @Override
    public DeviceTensor attention(DeviceTensor q, DeviceTensor k, DeviceTensor v, DeviceTensor mask) {
        long group = q.shape()[0] / k.shape()[0];
        org.bytedeco.pytorch.Tensor mixed = torch.scaled_dot_product_attention(
                batched(TorchTensor.of(q)),
                batched(repeated(TorchTensor.of(k), group)),
                batched(repeated(TorchTensor.of(v), group)),
                new TensorOptional(TorchTensor.of(mask)),
                0.0,
                false,
                new DoubleOptional(),
                false);
        return made(mixed.squeeze(0));
    }

    @Override
    public double negativeLogLikelihood(DeviceTensor logits, long[] tokens) {
        try (PointerScope unused = new PointerScope()) {
            org.bytedeco.pytorch.Tensor rows = TorchTensor.of(logits).narrow(0, 0, tokens.length - 1L);
            long[] next = new long[tokens.length - 1];
            System.arraycopy(tokens, 1, next, 0, next.length);
            org.bytedeco.pytorch.Tensor targets = TorchTensor.of(indices(next));
            org.bytedeco.pytorch.Tensor sum = torch.nll_loss(
                    torch.log_softmax(rows, 1), targets, new TensorOptional(), torch.Reduction.Sum.value, -100);
            return sum.item_float();
        }
    }

    @Override
    public void close() {
        scope.close();
    }

    private static org.bytedeco.pytorch.Tensor batched(org.bytedeco.pytorch.Tensor x) {
        return x.unsqueeze(0);
    }

    private static org.bytedeco.pytorch.Tensor repeated(org.bytedeco.pytorch.Tensor x, long times) {
        return times == 1 ? x : torch.repeat_interleave(x, times, new LongOptional(0), new LongOptional());
    }

    private static DeviceTensor made(org.bytedeco.pytorch.Tensor tensor) {
        return new TorchTensor(tensor);
    }

    private org.bytedeco.pytorch.Tensor onDevice(org.bytedeco.pytorch.Tensor tensor) {
        return tensor.to(device, tensor.scalar_type());
    }

    private static org.bytedeco.pytorch.Tensor viewOf(Tensor x) {
        FloatPointer pointer = new FloatPointer(new Pointer() {
            {
                address = x.data().address();
            }
        });
        return torch.from_blob(pointer, x.shape().toArray(), torch.dtype(torch.ScalarType.Float));
    }

    @SuppressWarnings("restricted") // the address and the size are those of a tensor that is alive
    private static Tensor hostView(org.bytedeco.pytorch.Tensor x) {
        MemorySegment data = MemorySegment.ofAddress(x.data_ptr().address()).reinterpret(x.numel() * Float.BYTES);
        return new Tensor(StorageType.F32, Shape.of(x.sizes().vec().get()), data);
    }

    private static void requireFloats(Tensor x) {
        if (x.type() != StorageType.F32 || !x.data().isNative()) {
            throw new IllegalArgumentException("a tensor to upload is float32 in native memory");
        }
    }
}
