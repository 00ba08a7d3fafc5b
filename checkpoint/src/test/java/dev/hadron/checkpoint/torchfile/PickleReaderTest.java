package dev.hadron.checkpoint.torchfile;

import static dev.hadron.checkpoint.torchfile.TorchBytes.pickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.torchfile.PickleValue.Entries;
import dev.hadron.checkpoint.torchfile.PickleValue.Storage;
import dev.hadron.checkpoint.torchfile.PickleValue.View;
import dev.hadron.checkpoint.torchfile.PickleValue.Whole;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PickleReaderTest {
    private static final String STORAGE = "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0007X\3\0\0\0cpuK\6tQ";

    @Test
    void aTensorIsAViewOfItsStorage() {
        PickleValue value = PickleReader.read("f", tensor("K\1", "K\2K\2", "K\2K\1"));

        Storage storage = new Storage("7", StorageType.F32, 6);
        assertThat(value).isEqualTo(new View(storage, 1, Shape.of(2, 2), List.of(2L, 1L)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "K\3|K\2K\2|K\2K\1",
                "K\0|K\2K\2|K\6K\1",
                "K\0|K\7|K\1",
                "K\0|K\7|K\0",
                "K\7|K\1|K\1",
                "J\u00ff\u00ff\u00ff\u00ff|K\1|K\1",
                "K\0|J\u00ff\u00ff\u00ff\u00ff|K\1",
                "K\5|K\2|J\u00ff\u00ff\u00ff\u00ff",
                "K\0|\u008a\10\0\0\0\0\0\0\0\1\u008a\10\0\0\0\0\0\0\0\1|K\0K\0",
                "K\0|K\2K\2|\u008a\10\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u008a\10\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
                "\u008a\10\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f|K\2|K\1"
            })
    void aTensorOutsideItsStorageIsRefused(String parts) {
        String[] numbers = parts.split("\\|", -1);

        refused(tensor(numbers[0], numbers[1], numbers[2]), "aren't all different ones of the 6 in storage \"7\"");
    }

    @Test
    void integersOfAllWidthsAreRead() {
        assertThat(PickleReader.read("f", pickle(0x80, 2, "K", 200, "."))).isEqualTo(new Whole(200));
        assertThat(PickleReader.read("f", pickle("M", 1, 200, "."))).isEqualTo(new Whole(51201));
        assertThat(PickleReader.read("f", pickle("J", 254, 255, 255, 255, "."))).isEqualTo(new Whole(-2));
        assertThat(PickleReader.read("f", pickle(0x8a, 0, "."))).isEqualTo(new Whole(0));
        assertThat(PickleReader.read("f", pickle(0x8a, 1, 128, "."))).isEqualTo(new Whole(-128));
        assertThat(PickleReader.read("f", pickle(0x8a, 5, 0, 0, 0, 0, 1, "."))).isEqualTo(new Whole(1L << 32));
        assertThat(PickleReader.read("f", pickle(0x8a, 8, 255, 255, 255, 255, 255, 255, 255, 127, ".")))
                .isEqualTo(new Whole(Long.MAX_VALUE));
        refused(pickle(0x8a, 9, "........."), "has an integer of 9 bytes");
    }

    @Test
    void valuesPutAsideComeBack() {
        byte[] shared = pickle("}q", 5, "(X\1\0\0\0ah", 5, "X\1\0\0\0bK\1u.");

        PickleValue value = PickleReader.read("f", shared);

        Entries entries = (Entries) value;
        assertThat(entries.entries().get("a")).isSameAs(value);
        assertThat(entries.entries().get("b")).isEqualTo(new Whole(1));
        refused(pickle("h", 3, "."), "recalls value 3, which was never kept");
        refused(pickle("j", 255, 255, 255, 255, "."), "recalls value 4294967295");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "posix\nsystem",
                "builtins\neval",
                "builtins\nexec",
                "__builtin__\ngetattr",
                "torch\nload",
                "torch\nLongStorage",
                "torch._utils\n_rebuild_tensor_v2.__globals__",
                "torch._utils\n_rebuild_tensor_v2 ",
                "collections\nOrderedDict.fromkeys",
                "\n",
                "os\nsystem\0"
            })
    void namesThatNoTensorNeedsAreRefused(String name) {
        String quoted = "names \"" + name.replace("\n", ".").replace("\0", "\\u0000")
                + "\", which a dictionary of float tensors doesn't need";

        refused(pickle(0x80, 2, "c", name + "\n", "(X\4\0\0\0exittR."), "at byte 2, " + quoted);
        String[] halves = name.split("\n", -1);
        refused(
                pickle(0x80, 4, 0x8c, halves[0].length(), halves[0], 0x8c, halves[1].length(), halves[1], 0x93, ")R."),
                quoted);
    }

    @Test
    void aNameInsideATensorIsRefusedToo() {
        refused(
                pickle(0x80, 2, "ctorch._utils\n_rebuild_tensor_v2\n(cos\nsystem\nX\2\0\0\0lstRK\0(tt", ".")
                        .clone(),
                "names \"os.system\"");
        refused(pickle("}X\1\0\0\0a}X\1\0\0\0b}X\1\0\0\0ccos\nsystem\nsss."), "names \"os.system\"");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "INST",
                "OBJ",
                "NEWOBJ",
                "NEWOBJ_EX",
                "EXT1",
                "PERSID",
                "EMPTY_LIST",
                "BINFLOAT",
                "NEXT_BUFFER",
                "POP",
                "DUP"
            })
    void otherOpcodesAreRefusedByName(Opcode opcode) {
        int code = 0;
        while (!Opcode.isKnown(code) || Opcode.of(code) != opcode) {
            code++;
        }

        refused(pickle("NN(N", code, "N."), "at byte 4, has the opcode " + opcode + ", which");
    }

    @Test
    void bytesThatAreNoOpcodesAreRefused() {
        refused(pickle(0x80, 2, 0xff), "at byte 2, has the byte 0xff, which is no opcode");
        refused(pickle(0x80, 6, "N."), "is of the pickle protocol 6");
        refused(pickle(0x80, 1, "N."), "is of the pickle protocol 1");
    }

    @Test
    void countsBeyondTheEndAreRefusedBeforeAnythingIsAllocated() {
        refused(pickle("X", 255, 255, 255, 255, "a."), "needs 4294967295 bytes, of which 2 are left");
        refused(pickle(0x8c, 255, "a."), "needs 255 bytes, of which 2 are left");
        refused(pickle(0x95, 0, 0, 0, 0, 0, 0, 0, 64, "N."), "needs 4611686018427387904 bytes");
        refused(pickle(0x95, 255, 255, 255, 255, 255, 255, 255, 255, "N."), "needs -1 bytes");
    }

    @Test
    void aPickleCutAnywhereIsRefused() {
        byte[] whole = tensor("K\1", "K\2K\2", "K\2K\1");
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length), "f, at byte ");
        }
    }

    @Test
    void stacksThatDoNotFitAreRefused() {
        for (String pickle : new String[] {
            ".",
            "0.",
            "NN.",
            "(N.",
            "t.",
            "u.",
            "}u.",
            "}Ns.",
            "N(NNu.",
            "R.",
            "NR.",
            "NNR.",
            "b.",
            "Nb.",
            "}Nb.",
            "Q.",
            "NQ.",
            "(\u0085.",
            "q\0.",
            "}(Nu.",
            "}(X\1\0\0\0au.",
            "N.N",
            "N(."
        }) {
            refused(pickle(pickle), "f, at byte ");
        }
    }

    @Test
    void aKeyThatComesTwiceIsRefused() {
        refused(pickle("}(X\1\0\0\0aNX\1\0\0\0aNu."), "has the key \"a\" twice");
    }

    @Test
    void textsThatAreNotUtf8AreRefused() {
        refused(pickle("X\1\0\0\0\u00ff."), "has a text that isn't UTF-8");
    }

    @Test
    void deepNestingNeedsNoDeepStack() {
        List<Object> pieces = new ArrayList<>();
        pieces.add("}X\1\0\0\0aN");
        for (int i = 0; i < 300_000; i++) {
            pieces.add(0x85);
        }
        pieces.add("s.");

        assertThat(PickleReader.read("f", pickle(pieces.toArray()))).isInstanceOf(Entries.class);
    }

    @Test
    void storagesAreRefusedUnlessTheyAreOfFloats() {
        for (String storage : new String[] {
            "(X\7\0\0\0storageccollections\nOrderedDict\nX\1\0\0\0007X\3\0\0\0cpuK\6tQ.",
            "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0007X\3\0\0\0cpuJ\u00ff\u00ff\u00ff\u00fftQ.",
            "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0007X\3\0\0\0cpu\u008a\10\0\0\0\0\0\0\0\177tQ.",
            "(X\7\0\0\0packagectorch\nFloatStorage\nX\1\0\0\0007X\3\0\0\0cpuK\6tQ.",
            "(X\7\0\0\0storagectorch\nFloatStorage\nK\7X\3\0\0\0cpuK\6tQ."
        }) {
            refused(pickle(storage), "has an identifier that isn't (\"storage\", class, key, device, elements)");
        }
    }

    private static byte[] tensor(String offset, String shape, String strides) {
        return pickle(
                0x80,
                2,
                "ctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE + offset + "(" + shape + "t(" + strides + "t",
                0x89,
                "ccollections\nOrderedDict\n)RtR.");
    }

    private static void refused(byte[] pickle, String message) {
        assertThatThrownBy(() -> PickleReader.read("f", pickle))
                .isInstanceOf(CheckpointFormatException.class)
                .hasMessageStartingWith("f, at byte ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
