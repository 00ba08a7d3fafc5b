package dev.hadron.bench;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.rotation.MatrixRotation;
import dev.hadron.rotation.Rotation;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
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

/** A weight whose inputs or outputs are rotated by a Hadamard matrix, beside a copy of it on the same threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsPrepend = {"--add-modules", "jdk.incubator.vector", "-XX:PerMethodTrapLimit=100000"})
public class RotationBenchmark {
    @Param("4096")
    int rows;

    /** A power of two, and 28 and 172 times one. */
    @Param({"4096", "14336", "11008"})
    int columns;

    private Tensor weight = Tensor.ofFloats(new float[0], 0);
    private MemorySegment copy = MemorySegment.NULL;

    @Setup
    public void allocate(Workers workers) {
        Arena arena = Arena.ofAuto();
        Shape shape = Shape.of(rows, columns);
        weight = new Tensor(
                StorageType.F32, shape, Inputs.weights(arena, WorkingType.FLOAT32, shape.elements(), workers.parallel));
        copy = arena.allocate(weight.data().byteSize(), 64).fill((byte) 1);
    }

    @Benchmark
    public MemorySegment copy(Workers workers) {
        workers.parallel.forRanges(
                copy.byteSize(),
                copy.byteSize() / workers.threads,
                (from, to) -> MemorySegment.copy(weight.data(), from, copy, from, to - from));
        return copy;
    }

    @Benchmark
    public Tensor inputs(Workers workers) {
        MatrixRotation.rows(weight, Rotation.hadamard(columns), workers.parallel);
        return weight;
    }

    @Benchmark
    public Tensor outputs(Workers workers) {
        MatrixRotation.columns(weight, Rotation.hadamard(rows), workers.parallel);
        return weight;
    }
}
