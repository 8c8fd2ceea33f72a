// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testing;

import java.lang.reflect.RecordComponent;

/** Copies of records that differ in one component, so that tests need not name all the others. */
public final class Records {

    private Records() {}

    /** @throws AssertionError when the record has no such component */
    @SuppressWarnings("unchecked")
    public static <T extends Record> T with(T record, String name, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean replaced = components[i].getName().equals(name);
                found |= replaced;
                types[i] = components[i].getType();
                values[i] = replaced ? value : components[i].getAccessor().invoke(record);
            }
            if (!found) {
                throw new AssertionError(record.getClass().getSimpleName() + " has no component " + name);
            }
            return (T) record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
