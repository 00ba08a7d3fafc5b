package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime.Largest;
import dev.hadron.model.runtime.TensorRuntime.WeightedRows;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A mixture of experts (Shazeer et al. 2017): a router scores the experts for each token, the token passes the best {@code perToken} of
 * them, and their outputs are added up, weighted with the softmax of the scores. An expert runs only on the tokens that it gets.
 *
 * <p>Between stages a window carries, after the residual stream and what the next matrices read, the number and the weight of each
 * token's experts, {@code [n * perToken, 1]}; what {@code down} reads lies expert by expert.
 *
 * @param name the block's module
 * @param normalized whether the weights of a token's experts are made to sum to 1
 */
record SparseFeedForward(String name, Linear router, List<GatedFeedForward> experts, int perToken, boolean normalized)
        implements FeedForward {
    /** Where the experts' numbers and weights stand in a state. */
    private static final int NUMBERS = 2;

    private static final int WEIGHTS = 3;

    /** The block of that name. */
    static SparseFeedForward of(String name, Experts experts, DecoderSpec spec) {
        return new SparseFeedForward(
                name,
                Linear.of(name + ".gate", false, experts.count(), spec.hidden()),
                IntStream.range(0, experts.count())
                        .mapToObj(expert -> GatedFeedForward.of(
                                name + ".experts." + expert, experts.names(), false, experts.intermediate(), spec))
                        .toList(),
                experts.perToken(),
                experts.normalized());
    }

    @Override
    public void declare(Map<String, Shape> tensors) {
        router.declare(tensors);
        experts.forEach(expert -> expert.declare(tensors));
    }

    @Override
    public List<LayerStage> stages() {
        return List.of(
                new DenseStage(LinearGroup.of(router), (pass, state) -> {
                    Largest chosen = chosen(pass, state.value());
                    return LayerState.of(state.stream(), state.value(), chosen.columns(), chosen.values());
                }),
                new ExpertStage(
                        groups(expert -> LinearGroup.of(expert.gate(), expert.up())),
                        (pass, state) -> tokensOf(pass, state.value(), routing(pass, state)),
                        (pass, state) -> LayerState.of(
                                state.stream(),
                                pass.runtime()
                                        .concatenateRows(
                                                List.copyOf(gated(pass, state).values())),
                                state.tensors().get(NUMBERS),
                                state.tensors().get(WEIGHTS))),
                new ExpertStage(
                        groups(expert -> LinearGroup.of(expert.down())),
                        (pass, state) -> rowsOf(state.value(), routing(pass, state)),
                        (pass, state) -> {
                            Routing routing = routing(pass, state);
                            DeviceTensor mixed = mixed(pass, routing, rowsOf(state.value(), routing));
                            return LayerState.of(pass.runtime().add(state.stream(), mixed));
                        }));
    }

    @Override
    public List<LayerModule> modules() {
        return Stream.concat(
                        Stream.of(
                                new LayerModule(name, router.name(), false, this::apply),
                                new LayerModule(router.name(), router.name(), false, router::apply)),
                        experts.stream().flatMap(expert -> expert.modules().stream()))
                .toList();
    }

    @Override
    public List<ScalingGroup> scalingGroups(String norm) {
        List<String> readers = new ArrayList<>(List.of(router.name()));
        experts.forEach(expert ->
                readers.addAll(List.of(expert.gate().name(), expert.up().name())));
        List<ScalingGroup> groups = new ArrayList<>(List.of(new ScalingGroup(norm, readers, router.name(), name)));
        experts.forEach(expert -> groups.add(expert.insideGroup()));
        return List.copyOf(groups);
    }

    @Override
    public List<String> writers() {
        return experts.stream().map(expert -> expert.down().name()).toList();
    }

    @Override
    public List<List<String>> alternatives() {
        return Stream.<Function<GatedFeedForward, Linear>>of(
                        GatedFeedForward::gate, GatedFeedForward::up, GatedFeedForward::down)
                .map(matrix -> experts.stream()
                        .map(expert -> matrix.apply(expert).name())
                        .toList())
                .toList();
    }

    @Override
    public DeviceTensor apply(LayerPass pass, DeviceTensor x) {
        Largest chosen = chosen(pass, x);
        Routing routing = Routing.of(pass.runtime(), chosen.columns(), chosen.values(), experts.size(), perToken);
        return mixed(pass, routing, gated(pass, x, routing));
    }

    private List<LinearGroup> groups(Function<GatedFeedForward, LinearGroup> group) {
        return experts.stream().map(group).toList();
    }

    private Largest chosen(LayerPass pass, DeviceTensor x) {
        return pass.runtime().largestOfSoftmax(router.apply(pass, x), perToken, normalized);
    }

    private Routing routing(LayerPass pass, LayerState state) {
        return Routing.of(
                pass.runtime(), state.tensors().get(NUMBERS), state.tensors().get(WEIGHTS), experts.size(), perToken);
    }

    /** What each expert that has tokens gets of all of them. */
    private static SortedMap<Integer, DeviceTensor> tokensOf(LayerPass pass, DeviceTensor x, Routing routing) {
        SortedMap<Integer, DeviceTensor> tokens = new TreeMap<>();
        routing.busy().forEach(expert -> tokens.put(expert, pass.runtime().embed(x, routing.tokens(expert))));
        return tokens;
    }

    private SortedMap<Integer, DeviceTensor> gated(LayerPass pass, LayerState state) {
        return gated(pass, state.value(), routing(pass, state));
    }

    /** What each expert's last matrix reads. */
    private SortedMap<Integer, DeviceTensor> gated(LayerPass pass, DeviceTensor x, Routing routing) {
        SortedMap<Integer, DeviceTensor> gated = tokensOf(pass, x, routing);
        gated.replaceAll((expert, tokens) -> experts.get(expert).gated(pass, tokens));
        return gated;
    }

    /** The same, from what lies expert by expert. */
    private static SortedMap<Integer, DeviceTensor> rowsOf(DeviceTensor x, Routing routing) {
        SortedMap<Integer, DeviceTensor> rows = new TreeMap<>();
        routing.busy().forEach(expert -> rows.put(expert, routing.rowsOf(expert, x)));
        return rows;
    }

    private DeviceTensor mixed(LayerPass pass, Routing routing, SortedMap<Integer, DeviceTensor> gated) {
        List<WeightedRows> outputs = new ArrayList<>();
        gated.forEach((expert, x) -> outputs.add(new WeightedRows(
                routing.tokens(expert), experts.get(expert).down().apply(pass, x), routing.weights(expert))));
        return pass.runtime().sumRows(routing.windowLength(), outputs);
    }
}
