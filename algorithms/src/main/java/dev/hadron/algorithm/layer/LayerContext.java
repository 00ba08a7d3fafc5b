package dev.hadron.algorithm.layer;

import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What all layers of a run share.
 *
 * @param around what the model does to hooks, such as online rotations
 * @param isRotated whether all tensors have other values than the checkpoint's from the beginning
 * @param plans by the linear layer's name
 * @param types the types that tensors have in the checkpoint
 */
record LayerContext(
        TensorRuntime runtime,
        UnaryOperator<LinearHooks> around,
        boolean isRotated,
        Map<String, LayerPlan> plans,
        Function<String, WorkingType> types,
        Streams streams,
        Execution execution) {}
