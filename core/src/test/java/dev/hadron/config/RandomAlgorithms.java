package dev.hadron.config;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Algorithms with every setting at random. */
final class RandomAlgorithms {
    private static final double[] NUMBERS = {0, -0.0, 1, 0.5, 1e-3, -1, Double.MIN_VALUE, Double.MAX_VALUE, 0.1};

    private final RandomGenerator random;

    RandomAlgorithms(RandomGenerator random) {
        this.random = random;
    }

    PreQuantOptConfig optimization() {
        return switch (random.nextInt(3)) {
            case 0 -> new SmoothQuantConfig(number(), number(), layers(), name(), heads(), heads());
            case 1 -> new RotationConfig(random.nextBoolean(), scaling());
            default ->
                new QuaRotConfig(
                        random.nextBoolean(),
                        scaling(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        nameOrNull(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        name(),
                        name(),
                        name(),
                        name(),
                        name(),
                        name());
        };
    }

    AlgoConfig algorithm() {
        return switch (random.nextInt(3)) {
            case 0 -> new AutoSmoothQuantConfig(layers(), loss(), name(), heads(), heads());
            case 1 -> new AWQConfig(layers(), name(), heads(), heads());
            default ->
                new GPTQConfig(
                        number(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextInt(1, 1000),
                        names(),
                        name());
        };
    }

    private RotationScaling scaling() {
        return random.nextBoolean()
                ? new RotationScaling.Entries(layers())
                : new RotationScaling.Positions(positions(), positions(), positions());
    }

    private List<RotationScaling.Position> positions() {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> new RotationScaling.Position(names(), nameOrNull(), names()))
                .toList();
    }

    private List<ScalingLayer> layers() {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> new ScalingLayer(name(), names(), nameOrNull(), nameOrNull()))
                .toList();
    }

    private List<String> names() {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> name()).toList();
    }

    private String name() {
        return List.of("", "model.layers", "self_attn.v_proj", "größe \"x\"").get(random.nextInt(4));
    }

    private @Nullable String nameOrNull() {
        return random.nextInt(3) == 0 ? null : name();
    }

    private ScaleLoss loss() {
        return ScaleLoss.values()[random.nextInt(ScaleLoss.values().length)];
    }

    private double number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private int heads() {
        return random.nextInt(-1, 65);
    }
}
