package dev.hadron.checkpoint.torchfile;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.torchfile.PickleValue.Entries;
import dev.hadron.checkpoint.torchfile.PickleValue.Flag;
import dev.hadron.checkpoint.torchfile.PickleValue.Items;
import dev.hadron.checkpoint.torchfile.PickleValue.Known;
import dev.hadron.checkpoint.torchfile.PickleValue.Text;
import dev.hadron.checkpoint.torchfile.PickleValue.Whole;
import dev.hadron.error.CheckpointFormatException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle without running it. Of the {@link Opcode opcodes} those are followed that build tuples, dictionaries, strings and integers;
 * {@code GLOBAL} and {@code STACK_GLOBAL} give a {@link TorchName} or are refused; {@code REDUCE}, {@code BUILD} and {@code BINPERSID} do
 * what {@link TensorCalls} says. No value takes more memory than a small multiple of the bytes that describe it, and none is walked
 * recursively.
 */
final class PickleReader {
    private static final int LATEST_PROTOCOL = 5;
    private static final Flag FLAG = new Flag();

    private final PickleBytes bytes;
    private final PickleStack stack;
    private final TensorCalls calls;
    private final Map<Long, PickleValue> memo = new HashMap<>();

    private PickleReader(String source, byte[] pickle) {
        bytes = new PickleBytes(source, pickle);
        stack = new PickleStack(bytes);
        calls = new TensorCalls(bytes);
    }

    /**
     * The one value that a pickle describes.
     *
     * @param source how messages begin: the name of the file
     * @throws CheckpointFormatException at the first byte that a dictionary of tensors wouldn't have
     */
    static PickleValue read(String source, byte[] pickle) {
        return new PickleReader(source, pickle).read();
    }

    private PickleValue read() {
        Opcode opcode = bytes.opcode();
        while (opcode != Opcode.STOP) {
            follow(opcode);
            opcode = bytes.opcode();
        }
        PickleValue value = stack.pop();
        if (!stack.isEmpty() || !bytes.atEnd()) {
            throw bytes.failure("stops although values or bytes are left; the file is damaged, get it again");
        }
        return value;
    }

    private void follow(Opcode opcode) {
        switch (opcode) {
            case PROTO -> protocol(bytes.unsignedByte());
            case FRAME -> bytes.require(bytes.signedLong());
            case MARK -> stack.mark();
            case BINPUT -> memo.put((long) bytes.unsignedByte(), stack.top());
            case LONG_BINPUT -> memo.put(bytes.unsignedInt(), stack.top());
            case MEMOIZE -> memo.put((long) memo.size(), stack.top());
            case BINGET -> stack.push(recalled(bytes.unsignedByte()));
            case LONG_BINGET -> stack.push(recalled(bytes.unsignedInt()));
            case NONE, NEWTRUE, NEWFALSE -> stack.push(FLAG);
            case BININT -> stack.push(new Whole(bytes.signedInt()));
            case BININT1 -> stack.push(new Whole(bytes.unsignedByte()));
            case BININT2 -> stack.push(new Whole(bytes.unsignedShort()));
            case LONG1 -> stack.push(new Whole(bytes.integer(bytes.unsignedByte())));
            case SHORT_BINUNICODE -> stack.push(new Text(bytes.text(bytes.unsignedByte())));
            case BINUNICODE -> stack.push(new Text(bytes.text(bytes.unsignedInt())));
            case EMPTY_TUPLE -> stack.push(new Items(List.of()));
            case TUPLE -> stack.push(new Items(stack.popToMark()));
            case TUPLE1 -> stack.push(new Items(stack.pop(1)));
            case TUPLE2 -> stack.push(new Items(stack.pop(2)));
            case TUPLE3 -> stack.push(new Items(stack.pop(3)));
            case EMPTY_DICT -> stack.push(new Entries(new LinkedHashMap<>()));
            case SETITEM -> setItems(stack.pop(2));
            case SETITEMS -> setItems(stack.popToMark());
            case GLOBAL -> stack.push(known(bytes.line(), bytes.line()));
            case STACK_GLOBAL -> {
                List<PickleValue> names = stack.pop(2);
                stack.push(known(text(names.get(0)), text(names.get(1))));
            }
            case REDUCE -> {
                List<PickleValue> call = stack.pop(2);
                stack.push(calls.result(call.get(0), call.get(1)));
            }
            case BUILD -> {
                PickleValue state = stack.pop();
                calls.checkState(stack.top(), state);
            }
            case BINPERSID -> stack.push(calls.storage(stack.pop()));
            case STOP -> throw new IllegalStateException("the end of a pickle isn't followed");
            case INT,
                    LONG,
                    LONG4,
                    STRING,
                    BINSTRING,
                    SHORT_BINSTRING,
                    BINBYTES,
                    SHORT_BINBYTES,
                    BINBYTES8,
                    BYTEARRAY8,
                    NEXT_BUFFER,
                    READONLY_BUFFER,
                    UNICODE,
                    BINUNICODE8,
                    FLOAT,
                    BINFLOAT,
                    EMPTY_LIST,
                    APPEND,
                    APPENDS,
                    LIST,
                    DICT,
                    EMPTY_SET,
                    ADDITEMS,
                    FROZENSET,
                    POP,
                    DUP,
                    POP_MARK,
                    GET,
                    PUT,
                    EXT1,
                    EXT2,
                    EXT4,
                    INST,
                    OBJ,
                    NEWOBJ,
                    NEWOBJ_EX,
                    PERSID ->
                throw bytes.failure(
                        "has the opcode " + opcode
                                + ", which a dictionary of float tensors doesn't need; save nothing but that, or use safetensors");
        }
    }

    private void protocol(int version) {
        if (version < 2 || version > LATEST_PROTOCOL) {
            throw bytes.failure("is of the pickle protocol " + version + ", but 2 to " + LATEST_PROTOCOL
                    + " are read; save it again with another one");
        }
    }

    private PickleValue recalled(long index) {
        PickleValue value = memo.get(index);
        if (value == null) {
            throw bytes.failure("recalls value " + index + ", which was never kept; the file is damaged, get it again");
        }
        return value;
    }

    private Known known(String module, String name) {
        return new Known(TorchName.of(module, name)
                .orElseThrow(() -> bytes.failure("names " + Quoted.of(module + "." + name)
                        + ", which a dictionary of float tensors doesn't need; it wasn't run, and the file isn't read;"
                        + " save nothing but float tensors, or use safetensors")));
    }

    private void setItems(List<PickleValue> keysAndValues) {
        if (!(stack.top() instanceof Entries(Map<String, PickleValue> entries)) || keysAndValues.size() % 2 != 0) {
            throw bytes.failure("sets items of what is no dictionary; the file is damaged, get it again");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            String key = text(keysAndValues.get(i));
            if (entries.putIfAbsent(key, keysAndValues.get(i + 1)) != null) {
                throw bytes.failure("has the key " + Quoted.of(key) + " twice; save it again");
            }
        }
    }

    private String text(PickleValue value) {
        if (value instanceof Text(String characters)) {
            return characters;
        }
        throw bytes.failure("has something else where a name is expected; save a dictionary of named float tensors");
    }
}
