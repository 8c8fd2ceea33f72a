// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform;

import io.github.kqueueffm.internal.platform.AbiFile.Entry;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Platform} of a data file, each record component from the line of its name. A component without a line and
 * a line without a component are errors, so that the files and the records cannot drift apart.
 */
final class PlatformLoader {

    private static final String CONST = "const";
    private static final String STRUCT = "struct";
    private static final String FIELD = "field";
    private static final String SYMBOL = "symbol";
    private static final String TRAIT = "trait";

    private static final Set<Integer> FIELD_SIZES = Set.of(1, 2, 4, 8);

    private final AbiFile file;

    private PlatformLoader(AbiFile file) {
        this.file = file;
    }

    /**
     * @param opener gives the content of a file, {@code null} where there is none
     * @throws IllegalStateException when a file is missing or wrong; the message says where and what to do
     */
    static Platform load(Target target, Function<String, @Nullable InputStream> opener) {
        return new PlatformLoader(AbiFile.read(target.toString(), opener)).platform(target);
    }

    private Platform platform(Target target) {
        Platform platform = new Platform(
                target.os(),
                target.arch(),
                target.version(),
                record(KeventLayout.class, STRUCT, component -> "kevent." + component),
                record(KqueueConstants.class, CONST, component -> component),
                record(NoteConstants.class, CONST, component -> component),
                record(Errno.class, CONST, component -> component),
                record(SocketConstants.class, CONST, component -> component),
                record(MulticastConstants.class, CONST, component -> component),
                record(FileConstants.class, CONST, component -> component),
                record(EpollConstants.class, CONST, component -> component),
                record(InotifyConstants.class, CONST, component -> component),
                record(ProcessConstants.class, CONST, component -> component),
                record(SockaddrLayout.class, STRUCT, component -> "sockaddr." + component),
                record(MessageLayout.class, STRUCT, component -> component),
                record(MulticastLayout.class, STRUCT, component -> component),
                record(CredentialsLayout.class, STRUCT, component -> "credentials." + component),
                record(TcpInfoLayout.class, STRUCT, component -> "tcpInfo." + component),
                record(TcpStates.class, CONST, component -> component),
                record(StructLayouts.class, STRUCT, component -> component),
                record(Traits.class, TRAIT, component -> component),
                symbols());
        List<Entry> rest = file.rest();
        if (!rest.isEmpty()) {
            Entry unknown = rest.get(0);
            throw new IllegalStateException(unknown.where() + ": no record has a component for '" + unknown.kind() + ' '
                    + unknown.name() + "'; correct the name or remove the line");
        }
        return platform;
    }

    private <T extends Record> T record(Class<T> type, String kind, Function<String, String> nameOf) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(type, types[i], kind, nameOf.apply(components[i].getName()));
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot make a " + type.getName(), e);
        }
    }

    private Object value(Class<?> record, Class<?> type, String kind, String name) {
        if (type == Field.class) {
            return field(take(record.getSimpleName(), FIELD, name, "OFFSET SIZE UNIT"));
        }
        Entry entry = take(record.getSimpleName(), kind, name, type == int.class ? "NUMBER" : "true");
        String value = entry.value();
        if (type == boolean.class) {
            if ("true".equals(value) || "false".equals(value)) {
                return Boolean.valueOf(value);
            }
            throw new IllegalStateException(entry.where() + ": " + name + " must be true or false, not " + value);
        }
        if (value == null) {
            return Platform.ABSENT;
        }
        try {
            return Integer.decode(value);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    entry.where() + ": " + name + " must be a number of 32 bits, not " + value, e);
        }
    }

    private static Field field(Entry entry) {
        String value = entry.value();
        if (value == null) {
            return Field.NONE;
        }
        String[] words = value.split(" ", -1);
        try {
            Field field = new Field(
                    Integer.decode(words[0]),
                    Integer.decode(words[1]),
                    FieldUnit.valueOf(words[2].toUpperCase(Locale.ROOT)));
            if (field.offset() >= 0 && FIELD_SIZES.contains(field.size())) {
                return field;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(badField(entry), e);
        }
        throw new IllegalStateException(badField(entry));
    }

    private static String badField(Entry entry) {
        return entry.where() + ": " + entry.name()
                + " must be an offset, a size of 1, 2, 4 or 8 bytes and a unit of FieldUnit, not " + entry.value();
    }

    private Map<CFunction, String> symbols() {
        Map<CFunction, String> symbols = new EnumMap<>(CFunction.class);
        for (CFunction function : CFunction.values()) {
            Entry entry = take("Platform.symbols", SYMBOL, function.name().toLowerCase(Locale.ROOT), "NAME");
            if (entry.value() != null) {
                symbols.put(function, entry.value());
            }
        }
        return Collections.unmodifiableMap(symbols);
    }

    private Entry take(String record, String kind, String name, String example) {
        Entry entry = file.take(kind, name);
        if (entry == null) {
            String absent = kind.equals(TRAIT) ? "" : ", or 'absent " + name + "' if the platform does not have it";
            throw new IllegalStateException(file.name() + " and what it includes do not give " + name + " of " + record
                    + "; add '" + kind + ' ' + name + ' ' + example + "'" + absent);
        }
        return entry;
    }
}
