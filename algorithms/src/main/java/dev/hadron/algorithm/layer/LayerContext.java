package dev.hadron.algorithm.layer;

import dev.hadron.dtype.WorkingType;
import dev.hadron.execution.Execution;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.plan.LayerPlan;
import java.util.Map;
import java.util.function.Function;

/**
 * What all layers of a run share.
 *
 * @param hooks that belong to the model, such as online rotations
 * @param plans by the linear layer's name
 * @param types the types that tensors have in the checkpoint
 */
record LayerContext(
        TensorRuntime runtime,
        LinearHooks hooks,
        Map<String, LayerPlan> plans,
        Function<String, WorkingType> types,
        Streams streams,
        Execution execution) {}
