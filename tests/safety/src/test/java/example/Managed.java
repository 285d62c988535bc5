package example;

import java.lang.management.ManagementFactory;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.runtime.MemoryMXBean;
import org.gatun.runtime.MemoryMonitor;

/** A service whose memory is read through JMX. */
public final class Managed {
  private Managed() {}

  /** Prints the attributes; those who want them by a property give an argument. */
  public static void main(String[] arguments) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("org.gatun:type=Memory");
    try (Tensor tensor = Tensor.zeros(DType.F32, 1024)) {
      if (arguments.length == 0) {
        System.out.println("registered " + server.isRegistered(name));
        MemoryMonitor.register();
        MemoryMonitor.register();
      }
      System.out.println("registered " + server.isRegistered(name));
      MemoryMXBean bean = JMX.newMXBeanProxy(server, name, MemoryMXBean.class);
      System.out.println("live " + bean.getLiveBytes() + " of " + tensor.size());
      System.out.println("tensors " + bean.getLiveBytesByOwner().get("TENSORS"));
      for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
        String value = String.valueOf(server.getAttribute(name, attribute.getName()));
        System.out.println(attribute.getName() + " " + value.split("\\(")[0]);
      }
      bean.trim();
    }
  }
}
