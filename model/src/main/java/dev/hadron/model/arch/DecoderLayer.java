package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The structure of one decoder layer: attention and a feed-forward block, each behind a norm and added to what came in. Its values
 * are {@link LayerWeights}.
 */
public final class DecoderLayer {
    private final DecoderSpec spec;
    private final int index;
    private final String attentionNorm;
    private final Attention attention;
    private final String feedForwardNorm;
    private final FeedForward feedForward;

    DecoderLayer(DecoderSpec spec, int index) {
        this.spec = spec;
        this.index = index;
        this.attentionNorm = name() + ".input_layernorm";
        this.attention = Attention.of(name() + ".self_attn", spec);
        this.feedForwardNorm = name() + ".post_attention_layernorm";
        this.feedForward = FeedForward.of(name(), spec, index);
    }

    /** Which layer, from 0. */
    public int index() {
        return index;
    }

    /** The module's name. */
    public String name() {
        return LayerNames.ofLayer(index);
    }

    /** The names of all tensors, and the shapes that the model's configuration gives them. */
    public Map<String, Shape> tensors() {
        Map<String, Shape> tensors = new LinkedHashMap<>();
        tensors.put(LayerNames.weight(attentionNorm), Shape.of(spec.hidden()));
        attention.declare(tensors);
        tensors.put(LayerNames.weight(feedForwardNorm), Shape.of(spec.hidden()));
        feedForward.declare(tensors);
        return tensors;
    }

    /** The parts of the layer in the order in which they run. */
    public List<LayerStage> stages() {
        List<LayerStage> stages = new ArrayList<>();
        stages.add(new DenseStage(
                LinearGroup.of(attention.query(), attention.key(), attention.value()),
                (pass, state) -> LayerState.of(state.stream(), attention.mixed(pass, state.value()))));
        stages.add(new DenseStage(LinearGroup.of(attention.output()), (pass, state) -> {
            DeviceTensor attended =
                    pass.runtime().add(state.stream(), attention.output().apply(pass, state.value()));
            return normed(pass, attended, feedForwardNorm);
        }));
        stages.addAll(feedForward.stages());
        return List.copyOf(stages);
    }

    /** What stands before the first stage. */
    public LayerState start(LayerPass pass, DeviceTensor x) {
        return normed(pass, x, attentionNorm);
    }

    /** The layer's output for a window, {@code [n, hidden]}. */
    public DeviceTensor apply(LayerPass pass, DeviceTensor x) {
        LayerState state = start(pass, x);
        for (LayerStage stage : stages()) {
            state = stage.advance(pass, state);
        }
        return state.stream();
    }

    /** A part of the layer that can be run by itself, by its name in the checkpoint. */
    public Optional<LayerModule> module(String name) {
        return modules().filter(module -> module.name().equals(name)).findFirst();
    }

    /** The names of all parts that can be run by themselves, and of the norms. */
    public List<String> moduleNames() {
        return Stream.concat(modules().map(LayerModule::name), Stream.of(attentionNorm, feedForwardNorm))
                .toList();
    }

    /** The linear layers whose output is added to the residual stream. */
    public List<String> residualWriters() {
        List<String> writers = new ArrayList<>(List.of(outputProjection()));
        writers.addAll(feedForward.writers());
        return List.copyOf(writers);
    }

    /** The linear layers that read what is between the matrices of the feed-forward block. */
    public List<String> intermediateReaders() {
        return feedForward.writers();
    }

    /** How many channels a linear layer reads. */
    public int width(String linear) {
        return Math.toIntExact(Objects.requireNonNull(tensors().get(LayerNames.weight(linear))).extent(1));
    }

    /** The linear layer that gives the values of the attention block. */
    public String valueProjection() {
        return attention.value().name();
    }

    /** The linear layer that reads what the heads of the attention block mixed. */
    public String outputProjection() {
        return attention.output().name();
    }

    /** The places where factors can move between activations and weights, in the order in which they run. */
    public List<ScalingGroup> scalingGroups() {
        return Stream.concat(
                        attention.scalingGroups(attentionNorm).stream(),
                        feedForward.scalingGroups(feedForwardNorm).stream())
                .toList();
    }

    /** Linear layers that do the same work for other tokens, in groups: the same matrix of each expert. */
    public List<List<String>> alternatives() {
        return feedForward.alternatives();
    }

    private Stream<LayerModule> modules() {
        return Stream.concat(attention.modules().stream(), feedForward.modules().stream());
    }

    private LayerState normed(LayerPass pass, DeviceTensor x, String norm) {
        DeviceTensor weight = pass.weights().get(LayerNames.weight(norm));
        return LayerState.of(x, pass.runtime().rmsNorm(x, weight, spec.epsilon()));
    }
}
