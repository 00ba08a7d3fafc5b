package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.LayerResolver;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.config.TensorSetting;
import dev.hadron.error.HadronException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
                if (golden.has("result")) {
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
        assertThat(compared).isGreaterThanOrEqualTo(77);
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
            Config expected = NeutralForm.config(golden.get("config"));
            ObjectNode file = (ObjectNode) golden.get("reference_json").deepCopy();
            file.putNull("algo_config");
            specs += withoutForeignTypes(file);

            Config read = ConfigJson.fromTree(file, "recorded " + configs);

            assertThat(read).isEqualTo(expected);
            assertThat(ConfigJson.parse(ConfigJson.write(read), "written")).isEqualTo(read);
            configs++;
        }
        assertThat(configs).isGreaterThanOrEqualTo(60);
        assertThat(specs).isGreaterThanOrEqualTo(400);
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
