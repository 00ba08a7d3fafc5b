package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.config.AlgoConfig;
import dev.hadron.config.AlgoConfigBase;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.config.SpecRules;
import dev.hadron.config.TensorSetting;
import dev.hadron.error.ConfigException;
import dev.hadron.error.HadronException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Named specifications, rules, files and the choice of a layer's configuration against recorded answers. */
class GoldenConfigTest {
    private static final String FILE = "config/config.json";

    @Test
    void namedSpecificationsBecomeWhatTheyWereRecordedToBecome() {
        int compared = 0;
        int refused = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("named_specs")) {
            String name = golden.get("class").stringValue();
            if (NamedSpecs.has(name)) {
                // A block of nothing is refused, and no block without an axis or a size can be said.
                boolean unsaid = golden.get("args").path("ch_axis").isNull()
                        || golden.get("args").path("block_size").isNull();
                boolean block = name.startsWith("MX") || name.startsWith("BFP");
                boolean empty = golden.at("/result/group_size").asInt(1) == 0;
                if (block && unsaid) {
                    refused++;
                } else if (golden.has("result") && !empty) {
                    assertThat(NamedSpecs.create(name, golden.get("args")).map(DataTypeSpec::toQuantizationSpec))
                            .as(name + golden.get("args"))
                            .contains(NeutralForm.spec(golden.get("result")));
                    compared++;
                } else {
                    assertThat(isRefused(name, golden.get("args")))
                            .as(name + golden.get("args"))
                            .isTrue();
                    refused++;
                }
            }
        }
        assertThat(compared + refused).isEqualTo(735);
        assertThat(refused).isGreaterThanOrEqualTo(66);
    }

    @Test
    void everyLayerGetsTheRecordedConfiguration() {
        int trees = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("resolution")) {
            LayerResolver resolver = new LayerResolver(tree(golden));
            golden.get("layers").forEach(layer -> {
                String name = layer.get(0).stringValue();
                JsonNode expected = golden.get("resolved").get(name);
                Optional<String> source = layerType(layer.get(1).stringValue())
                        .flatMap(type -> resolver.resolve(name, type))
                        .map(LayerResolver.Resolved::source);
                assertThat(source.orElse(null))
                        .as(name + " in " + golden)
                        .isEqualTo(expected.isNull() ? null : expected.stringValue());
            });
            trees++;
        }
        assertThat(trees).isGreaterThanOrEqualTo(80);
    }

    @Test
    void whatTheReferenceRefusesIsRefused() {
        int refused = 0;
        int accepted = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("spec_rules")) {
            JsonNode spec = golden.get("spec");
            if (NeutralForm.isOurs(spec)) {
                if (golden.has("error")) {
                    assertThatThrownBy(() -> check(spec)).as(golden.toString()).isInstanceOf(HadronException.class);
                    refused++;
                } else {
                    accepted += isAccepted(spec) ? 1 : 0;
                }
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(673);
        assertThat(accepted).isGreaterThanOrEqualTo(7);
    }

    @Test
    void filesOfTheReferenceSayWhatWasConfigured() {
        int configs = 0;
        int specs = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("configs")) {
            ObjectNode file = (ObjectNode) golden.get("reference_json").deepCopy();
            specs += withoutForeignTypes(file);

            Config read = ConfigJson.fromTree(file, "recorded " + configs);

            Config expected = NeutralForm.config(golden.get("config")).withAlgoConfig(read.algoConfig());
            assertThat(read).isEqualTo(expected);
            assertThat(fieldsThatDiffer(
                            golden.get("reference_json").get("algo_config"),
                            ConfigJson.toTree(read).get("algo_config")))
                    .as("algo_config of " + golden.get("reference_json"))
                    .isEmpty();
            assertThat(ConfigJson.parse(ConfigJson.write(read), "written")).isEqualTo(read);
            configs++;
        }
        assertThat(configs).isGreaterThanOrEqualTo(60);
        assertThat(specs).isGreaterThanOrEqualTo(400);
    }

    @Test
    void theTwoLoadFunctionsReadWhatTheReferenceReads(@TempDir Path folder) throws IOException {
        int read = 0;
        int refused = 0;
        for (JsonNode golden : GoldenFolder.json(FILE).get("loads")) {
            Path file = Files.writeString(
                    folder.resolve("load.json"), golden.get("text").stringValue());
            boolean algorithm = golden.get("function").stringValue().equals("load_quant_algo_config_from_file");
            String text = golden.get("text").stringValue();
            if (golden.has("result")) {
                AlgoConfigBase loaded = algorithm ? AlgoConfig.load(file) : PreQuantOptConfig.load(file);
                assertThat(loaded.getClass().getSimpleName())
                        .isEqualTo(golden.at("/result/class").stringValue());
                assertThat(fieldsThatDiffer(golden.get("result"), written(loaded)))
                        .as(text)
                        .isEmpty();
                read++;
            } else if (algorithm || !text.contains("\"smoothquant\"")) {
                assertThatThrownBy(() -> {
                            AlgoConfigBase unused = algorithm ? AlgoConfig.load(file) : PreQuantOptConfig.load(file);
                        })
                        .as(text)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("load.json");
                refused++;
            } else {
                // The page's own name for it, which the reference refuses.
                onlyOtherKeysAreRefused(file);
                refused++;
            }
        }
        assertThat(read).isEqualTo(36);
        assertThat(refused).isEqualTo(84);
    }

    private static void onlyOtherKeysAreRefused(Path file) throws IOException {
        try {
            assertThat(PreQuantOptConfig.load(file)).isInstanceOf(SmoothQuantConfig.class);
        } catch (ConfigException e) {
            assertThat(e).hasMessageContaining("has the unknown key");
        }
    }

    private static JsonNode written(AlgoConfigBase config) {
        Config.Builder builder = Config.builder();
        return switch (config) {
            case AlgoConfig algorithm ->
                ConfigJson.toTree(builder.algoConfig(algorithm).build()).get("algo_config");
            case PreQuantOptConfig before ->
                ConfigJson.toTree(builder.addPreOptimizationConfig(before).build())
                        .at("/pre_quant_opt_config/0");
        };
    }

    /** The recorded fields that were written with another value, or not at all; {@code null} may be an empty list. */
    private static List<String> fieldsThatDiffer(JsonNode recorded, JsonNode written) {
        List<String> differing = new ArrayList<>();
        recorded.forEachEntry((key, value) -> {
            JsonNode found = written.path(key);
            boolean numbers = value.isNumber() && found.isNumber();
            boolean equal = numbers ? value.doubleValue() == found.doubleValue() : found.equals(value);
            boolean bothEmpty = value.isNull() && found.isContainer() && found.isEmpty();
            if (!key.equals("class") && !equal && !bothEmpty) {
                differing.add(key + ": " + found + ", not " + value);
            }
        });
        return differing;
    }

    private static boolean isRefused(String name, JsonNode args) {
        try {
            Optional<DataTypeSpec> spec = NamedSpecs.create(name, args);
            spec.ifPresent(present -> SpecRules.check(present.toQuantizationSpec(), "weight"));
            return spec.isEmpty();
        } catch (HadronException e) {
            return true;
        }
    }

    private static Config tree(JsonNode golden) {
        Config.Builder builder = Config.builder();
        golden.get("exclude").forEach(pattern -> builder.exclude(pattern.stringValue()));
        golden.get("layer_quant_config")
                .forEach(pattern -> builder.layerQuantConfig(pattern.stringValue(), QuantizationConfig.NOTHING_SAID));
        golden.get("layer_type_quant_config")
                .forEach(type -> builder.layerTypeQuantConfig(type.stringValue(), QuantizationConfig.NOTHING_SAID));
        return builder.build();
    }

    /** Layers of other types aren't candidates: nobody asks for them. */
    private static Optional<LayerType> layerType(String name) {
        return Arrays.stream(LayerType.values())
                .filter(type -> type.wireName().equals(name))
                .findFirst();
    }

    private static boolean isAccepted(JsonNode spec) {
        try {
            check(spec);
            return true;
        } catch (HadronException e) {
            return false;
        }
    }

    private static void check(JsonNode spec) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("quant_method", "quark");
        root.putObject("global_quant_config").set("weight", spec);
        TensorSetting weight = Objects.requireNonNull(
                ConfigJson.fromTree(root, "recorded").globalQuantConfig().weight());
        SpecRules.check((QuantizationSpec) weight, "weight");
    }

    /** Removes specifications of data types that aren't available, and says how many are left. */
    private static int withoutForeignTypes(JsonNode node) {
        int[] left = {0};
        node.forEachEntry((key, value) -> {
            if (value.has("dtype")) {
                if (NeutralForm.isOurs(value)) {
                    left[0]++;
                } else {
                    ((ObjectNode) node).putNull(key);
                }
            } else if (value.isObject()) {
                left[0] += withoutForeignTypes(value);
            }
        });
        return left[0];
    }
}
