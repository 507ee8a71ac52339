{{/* The fields of the pod, for the Deployment and for KServe. */}}
{{- define "captioner.pod" -}}
{{- $gpu := eq .Values.device "gpu" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- include "captioner.podSecurity" . | nindent 2 }}
{{- if .Values.nodeSelector }}
nodeSelector:
  {{- toYaml .Values.nodeSelector | nindent 2 }}
{{- else if and $gpu (not .Values.gpu.claim) }}
nodeSelector:
  nvidia.com/gpu.present: "true"
{{- end }}
{{- if $gpu }}
tolerations:
  - key: nvidia.com/gpu
    operator: Exists
    effect: NoSchedule
{{- end }}
{{- if .Values.gpu.claim }}
resourceClaims:
  - name: gpu
    resourceClaimTemplateName: {{ include "captioner.name" . }}-gpu
{{- end }}
{{- if not .Values.kserve.enabled }}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "captioner.labels" $ | nindent 8 }}
  {{- end }}
{{- end }}
# 5 s until no more requests come, and twice the 30 s that the service takes at most to finish those it has.
terminationGracePeriodSeconds: 70
{{- if eq .Values.models.from "init-container" }}
initContainers:
  - name: models
    image: {{ .Values.models.image }}
    command: [cp, -R, /models/., /app/models/]
    resources:
      requests:
        cpu: 100m
        memory: 64Mi
      limits:
        memory: 64Mi
    securityContext:
      {{- include "captioner.containerSecurity" . | nindent 6 }}
    volumeMounts:
      - name: models
        mountPath: /app/models
{{- end }}
containers:
  - name: {{ ternary "kserve-container" "captioner" .Values.kserve.enabled }}
    image: {{ include "captioner.image" . }}
    {{- with .Values.image.pullPolicy }}
    imagePullPolicy: {{ . }}
    {{- end }}
    env:
      - name: MANAGEMENT_SERVER_PORT
        value: "8081"
      - name: CAPTIONER_DEVICE
        value: {{ .Values.device }}
      {{- if not $gpu }}
      # TensorFlow counts the node's processors, not the container's.
      {{- range list "TF_NUM_INTRAOP_THREADS" "TF_NUM_INTEROP_THREADS" }}
      - name: {{ . }}
        valueFrom:
          resourceFieldRef:
            resource: limits.cpu
      {{- end }}
      {{- end }}
      {{- if .Values.arbitraryUser }}
      - name: HOME
        value: /tmp
      {{- end }}
      {{- with .Values.protocols }}
      - name: CAPTIONER_COMPAT_ENABLED
        value: {{ join "," . | quote }}
      {{- end }}
      {{- if and .Values.kserve.enabled (has "oip" .Values.protocols) }}
      - name: PROTOCOL
        value: v2
      {{- end }}
      {{- if or .Values.ingress.enabled .Values.httpRoute.enabled }}
      - name: CAPTIONER_PROXIES_TRUSTED
        value: {{ .Values.trustedProxies | quote }}
      {{- end }}
      {{- with .Values.contextPath }}
      - name: SERVER_SERVLET_CONTEXTPATH
        value: {{ . }}
      {{- end }}
      {{- if .Values.security.existingSecret }}
      - name: CAPTIONER_SECURITY_MODE
        value: api-key
      - name: CAPTIONER_SECURITY_KEYS
        value: /etc/captioner/keys/keys.txt
      {{- end }}
      {{- with .Values.env }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    ports:
      - name: http
        containerPort: 8080
        {{- if .Values.kserve.enabled }}
        protocol: TCP
        {{- end }}
      - name: management
        containerPort: 8081
        {{- if .Values.kserve.enabled }}
        protocol: TCP
        {{- end }}
    startupProbe:
      httpGet:
        path: {{ .Values.contextPath }}/livez
        port: http
      periodSeconds: 2
      timeoutSeconds: 2
      failureThreshold: {{ ternary 150 60 $gpu }}
    readinessProbe:
      httpGet:
        path: {{ .Values.contextPath }}/readyz
        port: http
      periodSeconds: 5
      timeoutSeconds: 3
      failureThreshold: 2
    livenessProbe:
      httpGet:
        path: {{ .Values.contextPath }}/livez
        port: http
      periodSeconds: 10
      timeoutSeconds: 5
      failureThreshold: 3
    lifecycle:
      preStop:
        exec:
          command: [sleep, "5"]
    {{- $resources := include "captioner.resources" . | fromYaml }}
    {{- if .Values.gpu.claim }}
    {{- $_ := set $resources "claims" (list (dict "name" "gpu")) }}
    {{- else if and $gpu (not .Values.resources) }}
    {{- $_ := set $resources.limits "nvidia.com/gpu" "1" }}
    {{- end }}
    resources:
      {{- toYaml $resources | nindent 6 }}
    securityContext:
      {{- include "captioner.containerSecurity" . | nindent 6 }}
    volumeMounts:
      - name: tmp
        mountPath: /tmp
      {{- if ne .Values.models.from "image" }}
      - name: models
        mountPath: /app/models
        readOnly: true
      {{- end }}
      {{- if .Values.security.existingSecret }}
      - name: keys
        mountPath: /etc/captioner/keys
        readOnly: true
      {{- end }}
volumes:
  # Uploads over 256 KB are stored here until they are decoded.
  - name: tmp
    emptyDir:
      sizeLimit: 2Gi
  {{- if eq .Values.models.from "claim" }}
  - name: models
    persistentVolumeClaim:
      claimName: {{ include "captioner.claim" . }}
      readOnly: true
  {{- else if eq .Values.models.from "image-volume" }}
  - name: models
    image:
      reference: {{ .Values.models.image }}
      pullPolicy: IfNotPresent
  {{- else if eq .Values.models.from "init-container" }}
  - name: models
    emptyDir:
      sizeLimit: 2Gi
  {{- end }}
  {{- with .Values.security.existingSecret }}
  - name: keys
    secret:
      secretName: {{ . }}
  {{- end }}
{{- end }}
