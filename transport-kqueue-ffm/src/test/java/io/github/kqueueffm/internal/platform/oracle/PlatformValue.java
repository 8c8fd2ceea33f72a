// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.platform.oracle;

import io.github.kqueueffm.internal.platform.CFunction;
import io.github.kqueueffm.internal.platform.Field;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.platform.Traits;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One value of a platform record under one name, which the data files of this package use too: {@code SO_ERROR},
 * {@code keventIdent}, {@code trait.iovMax}, {@code symbol.socket}; of a field of tcp_info its offset, and its size and unit as
 * {@code tcpInfoRto.size} and {@code tcpInfoRto.unit}.
 *
 * @param text the number in decimal, or the name; {@code null} if the platform does not have it
 */
record PlatformValue(String name, @Nullable String text) {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    /** Records whose components are called without what they are of. */
    private static final Map<String, String> PREFIXES =
            Map.of("kevent", "kevent", "sockaddr", "sockaddr", "credentials", "credentials", "tcpInfo", "tcpInfo");

    /** All values of a record. */
    static List<PlatformValue> of(Platform platform) {
        List<PlatformValue> values = new ArrayList<>();
        for (RecordComponent part : Platform.class.getRecordComponents()) {
            if (get(part, platform) instanceof Record record) {
                String prefix = record instanceof Traits ? "trait." : PREFIXES.getOrDefault(part.getName(), "");
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    add(values, joined(prefix, component.getName()), get(component, record));
                }
            }
        }
        for (CFunction function : CFunction.values()) {
            String name = "symbol." + function.name().toLowerCase(Locale.ROOT);
            values.add(new PlatformValue(name, platform.symbol(function)));
        }
        return values;
    }

    /** Another value than this, which is not absent: the next number, or another name. */
    PlatformValue changed() {
        String now = String.valueOf(text);
        return new PlatformValue(
                name, NUMBER.matcher(now).matches() ? String.valueOf(Integer.parseInt(now) + 1) : now + 'x');
    }

    private static void add(List<PlatformValue> values, String name, Object value) {
        if (value instanceof Field field) {
            values.add(new PlatformValue(name, field.exists() ? String.valueOf(field.offset()) : null));
            values.add(new PlatformValue(name + ".size", field.exists() ? String.valueOf(field.size()) : null));
            values.add(new PlatformValue(
                    name + ".unit", field.exists() ? field.unit().name().toLowerCase(Locale.ROOT) : null));
        } else {
            values.add(new PlatformValue(name, value.equals(Platform.ABSENT) ? null : value.toString()));
        }
    }

    /** {@code kevent} and {@code ident} are {@code keventIdent}. */
    private static String joined(String prefix, String name) {
        return prefix.isEmpty() || prefix.endsWith(".")
                ? prefix + name
                : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static Object get(RecordComponent component, Record of) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
