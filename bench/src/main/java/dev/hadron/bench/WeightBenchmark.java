package dev.hadron.bench;

import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.ScaleFormula;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A weight observed, quantized and packed, beside a copy of it on the same threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector", "-XX:PerMethodTrapLimit=100000"})
public class WeightBenchmark {
    /** Elements that a thread takes at a time, as in quantization. */
    private static final int CHUNK = 1 << 16;

    @Param("4096")
    int rows;

    @Param("11008")
    int columns;

    @Param
    Scheme scheme;

    @Param({"FLOAT32", "BFLOAT16"})
    WorkingType input;

    private final Kernels kernels = Kernels.best();
    private long elements;
    private MemorySegment x = MemorySegment.NULL;
    private MemorySegment copy = MemorySegment.NULL;
    private MemorySegment codes = MemorySegment.NULL;
    private float[] scales = {};
    private float[] zeroPoints = {};

    @Setup
    public void allocate(Workers workers) {
        Arena arena = Arena.ofAuto();
        elements = (long) rows * columns;
        x = Inputs.weights(arena, input, elements, workers.parallel);
        copy = arena.allocate(x.byteSize(), 64).fill((byte) 1);
        codes = arena.allocate(elements * (scheme.bits() == 4 ? 1 : 2) / 2, 64).fill((byte) 1);
        int scaleCount = scheme.isPerTensor() ? 1 : Math.toIntExact(elements / elementsPerScale());
        scales = new float[scaleCount];
        zeroPoints = new float[scaleCount];
    }

    @Benchmark
    public MemorySegment copy(Workers workers) {
        long half = x.byteSize() / workers.threads;
        workers.parallel.forRanges(
                x.byteSize(), half, (from, to) -> MemorySegment.copy(x, from, copy, from, to - from));
        return copy;
    }

    @Benchmark
    public MemorySegment quantize(Workers workers) {
        Range tensor = scheme.dependsOnTensor() ? range(workers) : Range.EMPTY;
        ScaleFormula formula = scheme.formula(input, tensor);
        if (scheme.isPerTensor()) {
            quantizeTensor(formula, tensor, workers);
        } else {
            quantizeRuns(formula, workers);
        }
        return codes;
    }

    private long elementsPerScale() {
        int length = scheme.length(columns);
        return scheme.formula(input, new Range(-1f, 1f)).elementsPerScale(length);
    }

    private Range range(Workers workers) {
        Range[] found = {Range.EMPTY};
        workers.parallel.forRanges(elements, CHUNK, (from, to) -> {
            Range part = kernels.range(x, input.storage(), from, to - from);
            synchronized (found) {
                found[0] = found[0].union(part);
            }
        });
        return found[0];
    }

    private void quantizeTensor(ScaleFormula formula, Range tensor, Workers workers) {
        ScaleFormula.Parameters parameters = formula.parameters(tensor);
        ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
        workers.parallel.forRanges(
                elements,
                CHUNK,
                (from, to) -> kernels.quantize(quantizer, x, input.storage(), from, codes, from, to - from));
    }

    private void quantizeRuns(ScaleFormula formula, Workers workers) {
        int length = scheme.length(columns);
        long scalesOfRun = length / formula.elementsPerScale(length);
        workers.parallel.forRanges(elements / length, Math.max(1, CHUNK / length), (from, to) -> {
            long bad = kernels.quantizeRuns(
                    formula,
                    x,
                    input.storage(),
                    from * length,
                    to - from,
                    length,
                    codes,
                    from * length,
                    scales,
                    zeroPoints,
                    Math.toIntExact(from * scalesOfRun));
            if (bad >= 0) {
                throw new IllegalStateException("run " + (from + bad) + " isn't finite");
            }
        });
    }
}
