// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.conformance;

import io.github.kqueueffm.internal.engine.KEventList;
import io.github.kqueueffm.internal.engine.Kernel;
import io.github.kqueueffm.internal.platform.ErrnoNames;
import io.github.kqueueffm.internal.platform.KqueueConstants;
import io.github.kqueueffm.internal.platform.Platform;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.LongFunction;

/** The numbers of {@code <sys/event.h>} as words, both ways: {@code s READ ADD|CLEAR udata=1}. */
final class Words {

    // These have one value on all systems (sys/event.h of each), and libkqueue's.
    private static final Map<String, Integer> VNODE =
            ordered("DELETE", 1, "WRITE", 2, "EXTEND", 4, "ATTRIB", 8, "LINK", 0x10, "RENAME", 0x20, "REVOKE", 0x40);
    private static final Map<String, Integer> PROC =
            ordered("EXIT", 0x8000_0000, "FORK", 0x4000_0000, "EXEC", 0x2000_0000);
    private static final Map<String, Integer> USER_CONTROL =
            ordered("FFCOPY", 0xc000_0000, "FFOR", 0x8000_0000, "FFAND", 0x4000_0000);

    private final Platform platform;
    private final KqueueConstants constants;
    private final Map<String, Integer> filters;
    private final Map<String, Integer> flags;
    private final Map<String, Integer> changeNotes = new LinkedHashMap<>();

    Words(Platform platform) {
        this.platform = platform;
        constants = platform.kqueue();
        filters = ordered(
                "READ",
                constants.EVFILT_READ(),
                "WRITE",
                constants.EVFILT_WRITE(),
                "VNODE",
                constants.EVFILT_VNODE(),
                "PROC",
                constants.EVFILT_PROC(),
                "SIGNAL",
                constants.EVFILT_SIGNAL(),
                "TIMER",
                constants.EVFILT_TIMER(),
                "USER",
                constants.EVFILT_USER());
        flags = ordered(
                "ADD",
                constants.EV_ADD(),
                "DELETE",
                constants.EV_DELETE(),
                "ENABLE",
                constants.EV_ENABLE(),
                "DISABLE",
                constants.EV_DISABLE(),
                "ONESHOT",
                constants.EV_ONESHOT(),
                "CLEAR",
                constants.EV_CLEAR(),
                "RECEIPT",
                constants.EV_RECEIPT(),
                "DISPATCH",
                constants.EV_DISPATCH(),
                "EOF",
                constants.EV_EOF());
        changeNotes.put("LOWAT", constants.NOTE_LOWAT());
        changeNotes.put("TRIGGER", constants.NOTE_TRIGGER());
        changeNotes.putAll(VNODE);
        changeNotes.putAll(PROC);
        changeNotes.putAll(USER_CONTROL);
    }

    private static Map<String, Integer> ordered(Object... pairs) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (Integer) pairs[i + 1]);
        }
        return map;
    }

    /** Writes a change, such as {@code ADD|CLEAR} of {@code READ}, into {@code list}. */
    void put(KEventList list, int index, long ident, String[] words) {
        int fflags = 0;
        long data = 0;
        long udata = 0;
        for (int i = 3; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            switch (pair[0]) {
                case "fflags" -> fflags = bits(pair[1], changeNotes);
                case "data" -> data = Long.parseLong(pair[1]);
                case "udata" -> udata = Long.parseLong(pair[1]);
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        list.set(index, ident, filter(words[1]), bits(words[2], flags), fflags, data, udata);
    }

    int filter(String word) {
        Integer filter = filters.get(word);
        return filter == null ? Integer.parseInt(word) : filter;
    }

    private static int bits(String text, Map<String, Integer> words) {
        int bits = 0;
        for (String word : text.split("\\|")) {
            Integer bit = words.get(word);
            bits |= bit == null ? Integer.decode(word) : bit;
        }
        return bits;
    }

    /** An event, such as {@code {s READ CLEAR|EOF data=3 udata=1}}. EV_ADD is left out: some kernels keep it, some do not. */
    String event(KEventList list, int index, LongFunction<String> name) {
        int filter = list.filter(index);
        int found = list.flags(index) & ~constants.EV_ADD();
        StringJoiner text = new StringJoiner(" ", "{", "}");
        text.add(name.apply(list.ident(index))).add(word(filter, filters));
        if ((found & constants.EV_ERROR()) != 0) {
            // The BSDs set EV_ERROR alone, macOS adds it to the flags of the change (xnu kern_event.c).
            long error = list.data(index);
            text.add("ERROR").add(error == 0 ? "0" : errno(error));
        } else {
            String words = words(found, flags);
            if (!words.isEmpty()) {
                text.add(words);
            }
        }
        addNotes(text, filter, found, list.fflags(index));
        if ((found & constants.EV_ERROR()) == 0) {
            text.add("data=" + amount(filter, list.data(index)));
        }
        if (list.udata(index) != 0) {
            text.add("udata=" + list.udata(index));
        }
        return text.toString();
    }

    private void addNotes(StringJoiner text, int filter, int found, int fflags) {
        if (fflags == 0) {
            return;
        }
        boolean socket = filter == constants.EVFILT_READ() || filter == constants.EVFILT_WRITE();
        if (socket && (found & constants.EV_EOF()) != 0) {
            text.add(errno(fflags));
        } else if (filter == constants.EVFILT_VNODE()) {
            text.add(words(fflags, VNODE));
        } else if (filter == constants.EVFILT_PROC()) {
            text.add(words(fflags, PROC));
        } else {
            text.add("fflags=" + Integer.toUnsignedString(fflags));
        }
    }

    /** How much room there is depends on a system's buffers: told is that there is some. */
    private String amount(int filter, long data) {
        if (data == Kernel.UNKNOWN) {
            return "?";
        }
        return filter == constants.EVFILT_WRITE() && data > 0 ? "room" : Long.toString(data);
    }

    private static String word(int value, Map<String, Integer> words) {
        return words.entrySet().stream()
                .filter(entry -> entry.getValue() == value)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.toString(value));
    }

    private static String words(int bits, Map<String, Integer> words) {
        StringJoiner text = new StringJoiner("|");
        int left = bits;
        for (Map.Entry<String, Integer> entry : words.entrySet()) {
            int bit = entry.getValue();
            if ((left & bit) == bit) {
                text.add(entry.getKey());
                left &= ~bit;
            }
        }
        if (left != 0) {
            text.add("0x" + Integer.toHexString(left));
        }
        return text.toString();
    }

    String errno(long errno) {
        return ErrnoNames.name(platform.errno(), (int) errno);
    }
}
