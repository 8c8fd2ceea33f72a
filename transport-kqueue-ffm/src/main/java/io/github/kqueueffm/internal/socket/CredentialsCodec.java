// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.internal.socket;

import io.github.kqueueffm.internal.platform.CredentialsLayout;
import io.github.kqueueffm.internal.platform.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the systems answer to the question who the peer of a UNIX socket is: {@link CredentialsLayout}. */
final class CredentialsCodec {

    private CredentialsCodec() {}

    static Credentials peer(OptionSocket socket) throws IOException {
        CredentialsLayout layout = socket.binding().platform().credentials();
        ByteBuffer answer = ByteBuffer.allocate(layout.size()).order(ByteOrder.nativeOrder());
        socket.rawOption(layout.level(), layout.option(), answer);
        int pid = Platform.has(layout.pidOption()) ? socket.intOption(layout.level(), layout.pidOption()) : 0;
        return decode(layout, answer, pid);
    }

    /** @param pid to be used where the answer has none */
    static Credentials decode(CredentialsLayout layout, ByteBuffer answer, int pid) {
        return new Credentials(
                Platform.has(layout.pid()) ? answer.getInt(layout.pid()) : pid,
                answer.getInt(layout.uid()),
                gids(layout, answer));
    }

    private static int[] gids(CredentialsLayout layout, ByteBuffer answer) {
        if (Platform.has(layout.gid())) {
            return new int[] {answer.getInt(layout.gid())};
        }
        int count = layout.groupCountSize() == Short.BYTES
                ? answer.getShort(layout.groupCount())
                : answer.getInt(layout.groupCount());
        int[] gids = new int[Math.min(Math.max(count, 0), layout.maxGroups())];
        for (int i = 0; i < gids.length; i++) {
            gids[i] = answer.getInt(layout.groups() + i * Integer.BYTES);
        }
        return gids;
    }
}
