package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/** Small models of all kinds of operators, as exporters write them. */
final class SmallModels {
  /** {@link Notation} says how they are written. */
  private static final String GRAPHS =
      """
      Abs f32[2,3]
      Cast f32[2,3] to=6
      Cast i64[3] to=11 | Cast $ to=16
      Clip f32[2,3] f32(-1) f32(1)
      LeakyRelu f32[4] alpha=0.1 | Elu $ | Selu $ | Celu $ | HardSigmoid $ | Softplus $
      Gelu f32[2,8] | Tanh $ | Sigmoid $ | Erf $ | HardSwish $ | Mish $ | Softsign $
      PRelu f32[1,3,2,2] f32[3,1,1]!
      Add f32[2,3] f32[3] | Mul $ f32[2,1] | Sub $ f32(2) | Div $ f32[2,3]! | Pow $ f32(2)
      Add i32[2,3] i32[3] | Mod $ i32(3) | BitShift u8[3] u8{1,2,1} direction=LEFT
      Mod i64[4] i64(3) fmod=0 | Equal $ i64[4]
      Max f32[3] f32[3] f32[3] | Min $ f32(0) | Mean $ f32[3] | Sum $ f32[3]
      Less f32[3] f32[3] | Not $ | And $ bool[3] | Where $ f32[3] f32[3]
      IsNaN f16[4]
      IsInf f32[4] | Not $
      BitwiseAnd u16[4] u16{1,3,7,15}
      MatMul f32[2,4] f32[4,3]! | Add $ f32[3]! | Relu $
      MatMul f32[2,2,4] f32[2,4,3] | Softmax $ axis=-1
      Gemm f32[2,4] f32[3,4]! f32[3]! transB=1 alpha=0.5 | LogSoftmax $
      Gemm f64[4,2] f64[4,3] transA=1
      Einsum f32[2,3] f32[3,4] equation='ij,jk->ik'
      MatMulInteger u8[2,4] i8[4,3]! u8(3) | Cast $ to=1 | Mul $ f32(0.5)
      QLinearMatMul u8[2,4] f32(0.5) u8(1) u8[4,3]! f32(0.25) u8(2) f32(1.0) u8(0)
      DynamicQuantizeLinear f32[2,4] -> 3
      QuantizeLinear f32[2,4] f32(0.5) u8(3) | DequantizeLinear $ f32(0.5) u8(3) | Relu $
      DequantizeLinear i8[4,3]! f32{0.5,1,2} i8{0,0,0} axis=1 | MatMul f32[2,4] $
      DequantizeLinear i4[4,4]! f32[2,4]! axis=0 block_size=2 | Add $ f32[4]
      Conv f32[1,2,5,5] f32[3,2,3,3]! f32[3]! pads=1,1,1,1 | Relu $ | MaxPool $ kernel_shape=2,2
      Conv f32[1,4,5,5] f32[4,1,3,3]! group=4 strides=2,2 auto_pad=SAME_UPPER | Clip $ f32(0) f32(6)
      Conv f32[1,2,9] f32[2,2,3]! dilations=2,
      Conv f64[1,1,4,4,4] f64[2,1,2,2,2]!
      Conv f32[1,2,4,4] f32[2,2,3,3]! pads=1,1,1,1 | BatchNormalization $ f32{1,2} f32{0,1} f32{0,1} f32{1,2} | Add $ f32[1,2,4,4] | Relu $
      ConvTranspose f32[1,2,3,3] f32[2,3,3,3]! strides=2,2 output_padding=1,1
      ConvTranspose f32[1,2,5] f32[2,1,3]! pads=1,1
      ConvInteger u8[1,1,4,4] u8[1,1,2,2]! u8(1)
      QLinearConv u8[1,1,4,4] f32(0.5) u8(1) u8[1,1,2,2]! f32(0.5) u8(0) f32(1.0) u8(0)
      DeformConv f32[1,1,3,3] f32[1,1,2,2] f32[1,8,2,2]
      AveragePool f32[1,2,5,5] kernel_shape=3,3 strides=2,2 pads=1,1,1,1 count_include_pad=1
      MaxPool f32[1,1,5,5] kernel_shape=2,2 dilations=2,2 ceil_mode=1 -> 2
      MaxPool i8[1,1,5] kernel_shape=2,
      LpPool f32[1,1,4,4] kernel_shape=2,2 p=2
      GlobalAveragePool f32[1,3,4,4] | Flatten $ | Gemm $ f32[3,2]!
      MaxUnpool f32[1,1,2,2] i64[1,1,2,2] kernel_shape=2,2 strides=2,2
      LRN f32[1,5,3,3] size=3
      LayerNormalization f32[2,3,4] f32[4]! f32[4]! axis=-1
      InstanceNormalization f32[2,3,4] f32[3]! f32[3]!
      GroupNormalization f32[1,4,3] f32[4]! f32[4]! num_groups=2
      RMSNormalization f32[2,4] f32[4]!
      LpNormalization f32[2,4] p=1
      MeanVarianceNormalization f32[1,2,3,3]
      ReduceSum f32[2,3,4] i64{1} keepdims=0
      ReduceMean f32[2,3] i64{-1} | ReduceMax $ | ReduceProd $
      ReduceLogSumExp f32[2,3,4] i64{0,2} noop_with_empty_axes=1
      ReduceL2 i32[2,3] i64{}
      ArgMax f32[2,3] axis=1 select_last_index=1
      CumSum f32[2,3] i64(1) exclusive=1 reverse=1
      TopK f32[2,5] i64{2} axis=1 -> 2
      Unique i64[6] -> 4
      NonZero f32[2,3] | Transpose $ | Gather $ i64(0) axis=1
      Transpose f32[2,3,4] perm=1,0,2 | Reshape $ i64{0,-1} | Unsqueeze $ i64{0} | Squeeze $ i64{0}
      Reshape f32[2,3,4] i64{4,0,2}
      Concat f32[2,3] f32[2,1] axis=1 | Split $ i64{1,3} axis=1 -> 2
      Split f32[6] num_outputs=4 -> 4
      Slice f32[4,5] i64{0,4} i64{3,-6} i64{0,1} i64{1,-2}
      Slice f32[4,5] i64[2] i64[2]
      Gather f32[4,3] i64[2,2] axis=0
      GatherElements f32[3,3] i64[2,3]! axis=1
      GatherND f32[2,2,2] i64[2,1]! batch_dims=1
      ScatterElements f32[3,3] i64[1,2]! f32[1,2] reduction=add
      ScatterND f32[4,4] i64[2,1]! f32[2,4] reduction=max
      TensorScatter f32[1,4,2] f32[1,2,2] i64{1} mode=circular
      Compress f32[3,2] bool{1,0,1} axis=0
      Expand f32[3,1] i64{2,1,4}
      Tile f32[2,3] i64{2,1}
      Pad f32[2,3] i64{1,0,1,2} f32(0.5) mode=constant
      Pad f32[4,4] i64{1,1,1,1} mode=reflect
      ConstantOfShape i64{2,3} | Add $ f32[2,3]
      Range i64(0) i64(10) i64(3) | Cast $ to=1 | Mul $ f32[4]
      Shape f32[2,3,4] start=1 | Gather $ i64(0) | Unsqueeze $ i64{0} | ConstantOfShape $
      EyeLike f32[3,3] k=1
      OneHot i64[3] i64(4) f32{0,1} axis=-1
      Trilu f32[4,4] i64(1) upper=0
      DepthToSpace f32[1,8,2,3] blocksize=2 mode=CRD | SpaceToDepth $ blocksize=2
      Resize f32[1,1,3,3] _ f32{1,1,2,1.5} mode=linear
      Resize f32[1,1,4,4] _ _ i64{1,1,2,7} mode=cubic antialias=1
      Resize f32[1,1,4,4] f32{0,0,0.2,0.2,1,1,0.8,0.8} _ i64{1,1,3,3} coordinate_transformation_mode=tf_crop_and_resize
      GridSample f32[1,1,4,4] f32[1,2,2,2] mode=linear padding_mode=border
      AffineGrid f32[1,2,3] i64{1,1,4,4}
      RoiAlign f32[1,1,6,6] f32[2,4] i64{0,0} output_height=2 output_width=2
      Unsqueeze f32{0,1,1,4,4} i64{0} | MaxRoiPool f32[1,1,6,6] $ pooled_shape=2,2
      NonMaxSuppression f32[1,4,4] f32[1,1,4] i64{2} f32{0.5} f32{0.1}
      CenterCropPad f32[5,4] i64{3,6}
      Col2Im f32[1,4,4] i64{3,3} i64{2,2}
      ReverseSequence f32[4,3] i64{1,2,3}
      STFT f32[1,16,1] i64(4) _ i64(8)
      DFT f32[1,8,1] i64(4)
      HannWindow i64(8) | Mul $ f32[8]
      MelWeightMatrix i64(4) i64(8) i64(8000) f32(0) f32(4000)
      Det f32[2,3,3]
      LSTM f32[3,1,2] f32[1,12,2]! f32[1,12,3]! f32[1,24]! hidden_size=3 -> 3
      GRU f32[3,2,2] f32[2,9,2]! f32[2,9,3]! hidden_size=3 direction=bidirectional -> 2
      RNN f32[3,1,2] f32[1,3,2]! f32[1,3,3]! hidden_size=3 activations='Relu',
      Attention f32[1,2,4,8] f32[1,2,6,8] f32[1,2,6,8] is_causal=1
      Attention f32[1,4,8] f32[1,6,8] f32[1,6,8] f32[4,6] q_num_heads=2 kv_num_heads=2
      RotaryEmbedding f32[1,2,3,4] f32[8,2]! f32[8,2]! i64[1,3]
      SequenceConstruct f32[2] f32[3] f32[1] | SequenceAt $ i64(1) | Neg $
      SplitToSequence f32[6,2] i64{2,4} | ConcatFromSequence $ axis=0
      Optional f32[3] | OptionalGetElement $
      TfIdfVectorizer i64[6] mode=TF min_gram_length=1 max_gram_length=2 max_skip_count=1 ngram_counts=0,2 ngram_indexes=0,1,2 pool_int64s=1,2,0,1
      NegativeLogLikelihoodLoss f32[2,3] i64[2] reduction=sum
      SoftmaxCrossEntropyLoss f32[2,3] i64[2]
      Dropout f32[4] | Identity $
      Sigmoid f32[4] | Bernoulli $
      RandomUniform shape=2,3
      Multinomial f32[1,3] sample_size=5
      Cast f32[2,4] to=17 | Cast $ to=1
      BitCast f32[4] to=6
      ms:BiasGelu f32[2,4] f32[4]!
      ms:FusedMatMul f32[2,3] f32[4,3] transB=1 alpha=0.5
      ms:SkipLayerNormalization f32[1,2,4] f32[1,2,4] f32[4]! f32[4]!
      ms:MultiHeadAttention f32[1,3,8] f32[1,3,8] f32[1,3,8] num_heads=2
      ms:Attention f32[1,3,4] f32[4,12]! f32[12]! num_heads=2
      ms:GroupQueryAttention f32[1,2,8] f32[1,2,4] f32[1,2,4] f32[1,1,0,4] f32[1,1,0,4] i32{1} i32(2) num_heads=2 kv_num_heads=1 -> 3
      ms:EmbedLayerNormalization i32[1,3]! _ f32[5,4]! f32[8,4]! _ f32[4]! f32[4]! -> 2
      ms:MatMulNBits f32[1,16] u8[2,1,8]! f32{1,2} K=16 N=2 bits=4 block_size=16
      ms:QLinearAdd u8[3] f32(0.5) u8(1) u8[3] f32(0.5) u8(2) f32(1.0) u8(0)
      ms:QGemm u8[2,3] f32(0.5) u8(1) u8[3,2]! f32(0.5) u8(2)
      ms:DynamicQuantizeMatMul f32[2,3] i8[3,4]! f32(0.5)
      ms:NhwcConv f32[1,4,4,2] f32[3,2,3,3]!
      ms:GroupNorm f32[1,2,2,4] f32[4]! f32[4]! groups=2 activation=1 epsilon=0.00001
      ms:BiasSoftmax f32[2,4] f32[2,4] axis=1 is_inner_broadcast=0
      ms:CDist f32[2,3] f32[4,3] metric=euclidean
      ms:RotaryEmbedding f32[1,3,4] i64[1,3] f32[8,1]! f32[8,1]!
      ms:MoE f32[2,4] f32[2,2] f32[2,8,4]! f32[2,8]! f32[2,4,8]! f32[2,4]! k=1 activation_type=gelu
      """;

  private static final ValueType ANYTHING = new ValueType.Unknown();

  private SmallModels() {}

  /** Returns all models by name, always in one order. */
  static Map<String, Model> all() {
    Map<String, Model> models = new LinkedHashMap<>();
    GRAPHS.lines().forEach(line -> models.put(line, model(Notation.read(line), List.of())));
    models.put("branch", model(branch(), List.of()));
    models.put("loop", model(loop(), List.of()));
    models.put("scan", model(scan(), List.of()));
    models.put("function", model(call(), List.of(function())));
    return models;
  }

  private static Model model(Graph graph, List<Function> functions) {
    Map<String, Long> opsets = Map.of("", 26L, "com.microsoft", 1L, "local", 1L);
    return new Model(10, "gatun", opsets, graph, functions, Map.of());
  }

  private static ValueInfo tensor(String name, ElementType type, long... dims) {
    List<Dimension> shape = new ArrayList<>();
    for (long dim : dims) {
      shape.add(dim < 0 ? new Dimension.Named("n") : new Dimension.Known(dim));
    }
    return new ValueInfo(name, new ValueType.OfTensor(type, shape));
  }

  private static ValueInfo any(String name) {
    return new ValueInfo(name, ANYTHING);
  }

  private static Node node(String operator, String inputs, String outputs) {
    return node(operator, inputs, outputs, Map.of());
  }

  private static Node node(
      String operator, String inputs, String outputs, Map<String, Attribute> attributes) {
    return new Node(
        "",
        operator.equals("F") ? "local" : "",
        operator,
        "",
        List.of(inputs.split(",")),
        List.of(outputs.split(",")),
        attributes);
  }

  private static Graph graph(List<Node> nodes, List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return new Graph("g", nodes, List.of(), List.of(), inputs, outputs, List.of());
  }

  private static Graph branch() {
    Graph yes = graph(List.of(node("Mul", "x,x", "a")), List.of(), List.of(any("a")));
    Graph no = graph(List.of(node("Neg", "x", "b")), List.of(), List.of(any("b")));
    Map<String, Attribute> branches =
        Map.of("then_branch", new Attribute.OfGraph(yes), "else_branch", new Attribute.OfGraph(no));
    return graph(
        List.of(node("If", "c", "y", branches), node("Relu", "y", "z")),
        List.of(tensor("c", ElementType.BOOL), tensor("x", ElementType.FLOAT, -1, 3)),
        List.of(any("y"), any("z")));
  }

  private static Graph loop() {
    Graph body =
        graph(
            List.of(
                node("Identity", "c", "d"),
                node("Add", "v,x", "w"),
                node("Cast", "i", "s", Map.of("to", new Attribute.OfInt(1)))),
            List.of(any("i"), any("c"), any("v")),
            List.of(any("d"), any("w"), any("s")));
    return graph(
        List.of(node("Loop", "n,,x", "y,all", Map.of("body", new Attribute.OfGraph(body)))),
        List.of(tensor("n", ElementType.INT64), tensor("x", ElementType.FLOAT, 2, -1)),
        List.of(any("y"), any("all")));
  }

  private static Graph scan() {
    Graph body =
        graph(
            List.of(node("Add", "v,p", "w"), node("Mul", "w,w", "s")),
            List.of(any("v"), any("p")),
            List.of(any("w"), any("s")));
    Map<String, Attribute> attributes =
        Map.of("body", new Attribute.OfGraph(body), "num_scan_inputs", new Attribute.OfInt(1));
    return graph(
        List.of(node("Scan", "v0,x", "y,all", attributes)),
        List.of(tensor("v0", ElementType.FLOAT, 3), tensor("x", ElementType.FLOAT, -1, 3)),
        List.of(any("y"), any("all")));
  }

  private static Graph call() {
    return graph(
        List.of(
            node("F", "x,x", "y", Map.of("alpha", new Attribute.OfFloat(0.5f))),
            node("F", "y,x", "z")),
        List.of(tensor("x", ElementType.FLOAT, -1)),
        List.of(any("z")));
  }

  private static Function function() {
    return new Function(
        "local",
        "F",
        "",
        List.of("a", "b"),
        List.of("c"),
        List.of(),
        Map.of("alpha", new Attribute.OfFloat(0.25f)),
        List.of(
            node("LeakyRelu", "a", "r", Map.of("alpha", new Attribute.Reference("alpha"))),
            node("Add", "r,b", "c")),
        Map.of("", 21L));
  }
}
