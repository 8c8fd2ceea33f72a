// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm;

import io.github.kqueueffm.internal.linux.FastOpenSetting;
import io.github.kqueueffm.internal.platform.Platform;
import io.github.kqueueffm.internal.socket.FastOpenProbe;
import io.github.kqueueffm.internal.sys.Binding;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;

/** What was found of TCP Fast Open when it was first asked for. */
final class FastOpenAvailability {

    private static final InternalLogger LOGGER = InternalLoggerFactory.getInstance(FastOpenAvailability.class);

    static final boolean CLIENT;
    static final boolean SERVER;

    static {
        boolean client = false;
        boolean server = false;
        if (KQueue.isAvailable()) {
            Binding binding = Availability.binding();
            try {
                if (Platform.has(binding.platform().socket().MSG_FASTOPEN())) {
                    FastOpenSetting setting = FastOpenSetting.read(binding);
                    client = setting.client();
                    server = setting.server();
                } else {
                    client = FastOpenProbe.client(binding);
                    server = FastOpenProbe.server(binding);
                }
            } catch (IOException e) {
                // Out of descriptors, say. Nobody would expect an exception of such a question.
                LOGGER.warn("cannot find out about TCP Fast Open, which is taken for not available", e);
            }
        }
        CLIENT = client;
        SERVER = server;
    }

    private FastOpenAvailability() {}
}
