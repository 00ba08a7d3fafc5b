package dev.hadron.numerics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunViewTest {
    record Case(Shape shape, Granularity granularity) {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Shape shape : List.of(
                Shape.of(),
                Shape.of(12),
                Shape.of(1, 7),
                Shape.of(6, 4),
                Shape.of(5, 1),
                Shape.of(2, 6, 4),
                Shape.of(4, 1, 6),
                Shape.of(1, 4, 1),
                Shape.of(2, 3, 4, 5))) {
            cases.add(new Case(shape, new Granularity.PerTensor()));
            for (int axis = 0; axis < shape.rank(); axis++) {
                cases.add(new Case(shape, new Granularity.PerChannel(axis)));
                for (long size = 1; size <= shape.extent(axis); size++) {
                    if (shape.extent(axis) % size == 0) {
                        cases.add(new Case(shape, new Granularity.PerGroup(axis, size)));
                    }
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gatheringBringsTheElementsOfEachRunTogether(Case one) {
        RunView view = RunView.of(one.shape(), one.granularity());

        int[] expected = RunsByDefinition.positions(one.shape(), one.granularity());

        assertThat(gathered(view, expected.length)).containsExactly(expected);
        assertThat(view.runs() * view.length()).isEqualTo(one.shape().elements());
        assertThat(view.scaleShape()).isEqualTo(scaleShape(one.shape(), one.granularity()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void contiguousRunsNeedNoGathering(Case one) {
        RunView view = RunView.of(one.shape(), one.granularity());

        if (view.isContiguous()) {
            int count = Math.toIntExact(one.shape().elements());
            assertThat(gathered(view, count))
                    .containsExactly(IntStream.range(0, count).toArray());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scatteringUndoesGathering(Case one) {
        RunView view = RunView.of(one.shape(), one.granularity());
        byte[] tensor = new byte[Math.toIntExact(one.shape().elements())];
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = (byte) i;
        }

        MemorySegment runs = MemorySegment.ofArray(new byte[tensor.length]);
        MemorySegment back = MemorySegment.ofArray(new byte[tensor.length]);
        view.gather(MemorySegment.ofArray(tensor), runs, 1);
        view.scatter(runs, back, 1);

        assertThat(back.toArray(ValueLayout.JAVA_BYTE)).containsExactly(tensor);
    }

    @Test
    void rowsAndGroupsAlongTheLastAxisLieOneAfterTheOther() {
        assertThat(RunView.of(Shape.of(6, 4), new Granularity.PerChannel(0)).isContiguous())
                .isTrue();
        assertThat(RunView.of(Shape.of(6, 4), new Granularity.PerGroup(1, 2)).isContiguous())
                .isTrue();
        assertThat(RunView.of(Shape.of(6, 4), new Granularity.PerChannel(1)).isContiguous())
                .isFalse();
        assertThat(RunView.of(Shape.of(6, 4), new Granularity.PerGroup(0, 2)).isContiguous())
                .isFalse();
    }

    private static int[] gathered(RunView view, int count) {
        MemorySegment runs = MemorySegment.ofArray(new int[count]);
        view.gather(MemorySegment.ofArray(IntStream.range(0, count).toArray()), runs, Integer.BYTES);
        return runs.toArray(ValueLayout.JAVA_INT);
    }

    private static Shape scaleShape(Shape shape, Granularity granularity) {
        return switch (granularity) {
            case Granularity.PerTensor unused -> Shape.of();
            case Granularity.PerChannel(int axis) -> Shape.of(shape.extent(axis));
            case Granularity.PerGroup(int axis, long size) ->
                Shape.of(shape.elements() / shape.extent(axis), shape.extent(axis) / size);
        };
    }
}
