package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The form of a record: its keys, each with the form of its values. Read through a builder, so that a missing key takes the builder's
 * default.
 *
 * @param <T> the record
 * @param <B> its builder
 */
final class ObjectForm<T, B> implements Form<T> {
    private final String name;
    private final Class<T> type;
    private final Supplier<B> newBuilder;
    private final Function<B, T> build;
    private final Map<String, Field<T, B, ?>> fields = new LinkedHashMap<>();
    private final Map<String, String> oldSpellings = new LinkedHashMap<>();
    private List<String> tags = List.of();

    /**
     * The form of a record without fields yet.
     *
     * @param name what the schema calls it
     */
    ObjectForm(String name, Class<T> type, Supplier<B> newBuilder, Function<B, T> build) {
        this.name = name;
        this.type = type;
        this.newBuilder = newBuilder;
        this.build = build;
    }

    /** A component of a record, which may be unset. */
    @FunctionalInterface
    interface Getter<T, V> {
        /** The component. */
        @Nullable
        V get(T value);
    }

    /** What a missing key and {@code null} stand for. */
    private enum Absence {
        /** Both for the default; an unset value is written as {@code null}. */
        DEFAULT,
        /** Both for the default; an unset value isn't written. */
        OMITTED,
        /** Neither may be. */
        REQUIRED,
        /** No key is an unset value, and {@code null} one of its own. */
        STATED
    }

    private record Field<T, B, V>(
            String key,
            Form<V> form,
            Getter<T, V> getter,
            BiConsumer<B, V> setter,
            Absence absence,
            @Nullable V valueOfNull) {
        void read(JsonNode node, Place place, B builder) {
            if (!node.isNull()) {
                setter.accept(builder, form.read(node, place));
            } else if (absence == Absence.REQUIRED) {
                throw place.wrong(node, form.expected());
            } else if (valueOfNull != null) {
                setter.accept(builder, valueOfNull);
            }
        }

        void write(T value, ObjectNode node) {
            V given = getter.get(value);
            if (given == null ? absence == Absence.DEFAULT : given.equals(valueOfNull)) {
                node.putNull(key);
            } else if (given != null) {
                node.set(key, form.write(given));
            }
        }

        ObjectNode schema(ObjectNode definitions, @Nullable JsonNode byDefault) {
            ObjectNode schema = form.schema(definitions);
            if (absence == Absence.REQUIRED) {
                return schema;
            }
            ObjectNode nullable = Schemas.orNull(schema);
            if (byDefault != null && !byDefault.isNull()) {
                nullable.set("default", byDefault);
            }
            return nullable;
        }
    }

    /** A key whose value, and {@code null}, may be left out. */
    <V> ObjectForm<T, B> field(String key, Form<V> form, Getter<T, V> getter, BiConsumer<B, V> setter) {
        return with(new Field<>(key, form, getter, setter, Absence.DEFAULT, null));
    }

    /** A key that is written only where there is a value. */
    <V> ObjectForm<T, B> omittedField(String key, Form<V> form, Getter<T, V> getter, BiConsumer<B, V> setter) {
        return with(new Field<>(key, form, getter, setter, Absence.OMITTED, null));
    }

    /** A key that must be there. */
    <V> ObjectForm<T, B> requiredField(String key, Form<V> form, Getter<T, V> getter, BiConsumer<B, V> setter) {
        return with(new Field<>(key, form, getter, setter, Absence.REQUIRED, null));
    }

    /** A key that isn't there where there is no value, and whose {@code null} says something of its own. */
    <V> ObjectForm<T, B> statedField(
            String key, Form<V> form, V valueOfNull, Getter<T, V> getter, BiConsumer<B, V> setter) {
        return with(new Field<>(key, form, getter, setter, Absence.STATED, valueOfNull));
    }

    private ObjectForm<T, B> with(Field<T, B, ?> field) {
        fields.put(field.key(), field);
        return this;
    }

    /** Another key for the same, which is read only. */
    ObjectForm<T, B> oldSpelling(String old, String key) {
        oldSpellings.put(old, key);
        return this;
    }

    /** The values of the key "name" that choose this form, the first of which is written. */
    ObjectForm<T, B> tagged(String... names) {
        tags = List.of(names);
        return this;
    }

    List<String> tags() {
        return tags;
    }

    /** Whether this is the form of a value. */
    boolean isFormOf(Object value) {
        return type.isInstance(value);
    }

    /** Writes a value that {@link #isFormOf} accepts. */
    JsonNode writeAny(Object value) {
        return write(type.cast(value));
    }

    @Override
    public T read(JsonNode node, Place place) {
        if (!node.isObject()) {
            throw new ConfigException(place + " must be a JSON object, not " + Place.shown(node));
        }
        Map<String, JsonNode> given = given(node, place);
        B builder = newBuilder.get();
        for (Field<T, B, ?> field : fields.values()) {
            JsonNode value = given.get(field.key());
            if (value != null) {
                field.read(value, place.field(field.key()), builder);
            } else if (field.absence() == Absence.REQUIRED) {
                throw new ConfigException(place + " has no " + field.key() + "; it must be "
                        + field.form().expected());
            }
        }
        try {
            return build.apply(builder);
        } catch (ConfigException e) {
            throw new ConfigException(place + ": " + e.getMessage(), e);
        }
    }

    /** The values under their present keys, each of which is known. */
    private Map<String, JsonNode> given(JsonNode node, Place place) {
        Map<String, JsonNode> given = new LinkedHashMap<>();
        node.forEachEntry((key, value) -> {
            String present = oldSpellings.getOrDefault(key, key);
            if (fields.containsKey(present)) {
                if (given.put(present, value) != null) {
                    throw new ConfigException(place + " has both spellings of " + present + "; keep one");
                }
            } else if (tags.isEmpty() || !key.equals(TaggedForm.TAG)) {
                throw new ConfigException(place + " has the unknown key \"" + key + "\"; the nearest known one is \""
                        + Nearest.of(key, new TreeSet<>(fields.keySet())) + "\"");
            }
        });
        return given;
    }

    @Override
    public ObjectNode write(T value) {
        ObjectNode node = Forms.json().objectNode();
        if (!tags.isEmpty()) {
            node.put(TaggedForm.TAG, tags.getFirst());
        }
        fields.values().forEach(field -> field.write(value, node));
        return node;
    }

    @Override
    public ObjectNode schema(ObjectNode definitions) {
        if (!definitions.has(name)) {
            definitions.putObject(name).setAll(wholeSchema(definitions));
        }
        return Forms.json().objectNode().put("$ref", "#/$defs/" + name);
    }

    /** The schema itself instead of a reference to it. */
    ObjectNode wholeSchema(ObjectNode definitions) {
        ObjectNode schema = Forms.json().objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        if (!tags.isEmpty()) {
            tags.forEach(properties.putObject(TaggedForm.TAG).putArray("enum")::add);
            schema.putArray("required").add(TaggedForm.TAG);
        }
        ObjectNode defaults = write(build.apply(newBuilder.get()));
        for (Field<T, B, ?> field : fields.values()) {
            properties.set(field.key(), field.schema(definitions, defaults.get(field.key())));
            if (field.absence() == Absence.REQUIRED) {
                schema.withArray("required").add(field.key());
            }
        }
        oldSpellings.forEach((old, key) ->
                properties.set(old, ((ObjectNode) properties.get(key).deepCopy()).put("deprecated", true)));
        return schema.put("additionalProperties", false);
    }

    @Override
    public String expected() {
        return "a JSON object";
    }
}
