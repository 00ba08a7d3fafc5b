package dev.hadron.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.ConfigBase;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every class of the configuration API is there by its name, with every field and its default. */
class GoldenClassesTest {
    @Test
    void everyClassHasItsFieldsAndDefaults() throws ReflectiveOperationException {
        int classes = 0;
        int fields = 0;
        for (Map.Entry<String, JsonNode> golden :
                GoldenFolder.json("config/config.json").get("classes").properties()) {
            Class<?> type = Class.forName(ConfigBase.class.getPackageName() + "." + golden.getKey());
            for (JsonNode base : golden.getValue().get("bases")) {
                // Records don't extend: what is common to rotations is the family.
                if (!List.of("ABC", "RotationConfig").contains(base.stringValue())) {
                    assertThat(Class.forName(ConfigBase.class.getPackageName() + "." + base.stringValue()))
                            .isAssignableFrom(type);
                }
            }
            JsonNode named = golden.getValue().get("fields");
            if (!named.isEmpty()) {
                Object defaults = defaults(type);
                for (JsonNode field : named) {
                    assertThat(isDefault(
                                    field.get("default"),
                                    value(defaults, field.get("name").stringValue())))
                            .as(golden.getKey() + "." + field)
                            .isTrue();
                    fields++;
                }
            }
            classes++;
        }
        assertThat(classes).isEqualTo(39);
        assertThat(fields).isGreaterThan(150);
    }

    private static Object defaults(Class<?> type) throws ReflectiveOperationException {
        if (type == QuantizationSpec.class) {
            return QuantizationSpec.builder(Dtype.INT8).build();
        }
        boolean built = Arrays.stream(type.getMethods())
                .anyMatch(method -> method.getName().equals("builder") && Modifier.isStatic(method.getModifiers()));
        if (!built) {
            return type.getMethod("of").invoke(null);
        }
        Object builder = type.getMethod("builder").invoke(null);
        return builder.getClass().getMethod("build").invoke(builder);
    }

    private static @Nullable Object value(Object defaults, String field) throws ReflectiveOperationException {
        for (RecordComponent component : defaults.getClass().getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (name.equals(field)) {
                return component.getAccessor().invoke(defaults);
            }
        }
        return defaults.getClass().getMethod(field).invoke(defaults);
    }

    /** A Python null, an empty list and an empty text all mean that nothing was said. */
    private static boolean isDefault(JsonNode expected, @Nullable Object value) {
        if (expected.isString() && expected.stringValue().equals("<required>")) {
            return true;
        }
        boolean nothing = expected.isNull() || (expected.isContainer() && expected.isEmpty());
        if (nothing || expected.asString("x").isEmpty()) {
            return switch (value) {
                case null -> true;
                case String text -> text.isEmpty();
                case Collection<?> list -> list.isEmpty();
                case Map<?, ?> map -> map.isEmpty();
                default -> false;
            };
        }
        if (expected.isNumber()) {
            return value instanceof Number number && number.doubleValue() == expected.doubleValue();
        }
        return Objects.toString(value).toLowerCase(Locale.ROOT).equals(expected.asString());
    }
}
