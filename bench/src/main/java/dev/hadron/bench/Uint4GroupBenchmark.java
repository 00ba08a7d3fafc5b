package dev.hadron.bench;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.RangeScale;
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

/** float32 to packed uint4 in groups, beside a copy of the same input on the same threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector"})
public class Uint4GroupBenchmark {
    @Param("256")
    long megabytes;

    @Param("128")
    long groupSize;

    @Param("FLOAT32")
    WorkingType workingType;

    long elements;
    MemorySegment x;
    MemorySegment copy;
    MemorySegment codes;
    QuantizationParameters parameters;
    ScaleFormula formula;

    @Setup
    public void allocate(Workers workers) {
        Arena arena = Arena.ofAuto();
        elements = (megabytes << 20) / Float.BYTES;
        x = Inputs.weights(arena, elements, workers.parallel);
        copy = arena.allocate(x.byteSize(), 64).fill((byte) 1);
        codes = arena.allocate(elements / 2, 64).fill((byte) 1);
        parameters = QuantizationParameters.ofRuns(Math.toIntExact(elements / groupSize));
        formula = new RangeScale(Dtype.UINT4.format(), false, ScaleType.FLOAT, RoundType.HALF_EVEN, workingType);
    }

    @Benchmark
    public MemorySegment copy(Workers workers) {
        long half = x.byteSize() / workers.threads;
        workers.parallel.forRanges(
                x.byteSize(), half, (from, to) -> MemorySegment.copy(x, from, copy, from, to - from));
        return copy;
    }

    @Benchmark
    public MemorySegment quantizeRuns(Workers workers) {
        Kernels kernels = Kernels.best();
        workers.parallel.forRanges(parameters.runs(), 512, (from, to) -> {
            kernels.quantizeRuns(
                    formula,
                    x,
                    StorageType.F32,
                    from * groupSize,
                    to - from,
                    groupSize,
                    codes,
                    from * groupSize,
                    parameters.scale(),
                    parameters.zeroPoint(),
                    Math.toIntExact(from));
        });
        return codes;
    }
}
