// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.support;

import java.util.Random;

/** Bytes to send, the same in every run, and such that a piece that is lost, doubled or moved shows. */
public final class Payload {

    private Payload() {}

    public static byte[] of(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
